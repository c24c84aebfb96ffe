namespace DropoutSharp.Averaging;

/// <summary>A sum of many numbers whose error does not grow with how many there are (Kahan's; Neumaier's order of the terms).</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _correction;

    public readonly double Value => _sum + _correction;

    public void Add(double term)
    {
        double sum = _sum + term;
        if (double.IsFinite(sum))
        {
            _correction += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        }
        else
        {
            _correction = 0;
        }

        _sum = sum;
    }

    public void Add(CompensatedSum other)
    {
        Add(other._sum);
        Add(other._correction);
    }
}
