namespace DropoutSharp;

/// <summary>The four words of as many counters as a register holds.</summary>
internal struct Words<TCounters>
{
    public TCounters Word0;
    public TCounters Word1;
    public TCounters Word2;
    public TCounters Word3;
}
