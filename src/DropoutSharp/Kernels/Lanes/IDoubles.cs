namespace DropoutSharp;

/// <summary>A register of doubles.</summary>
internal unsafe interface IDoubles<TSelf> : IReals<TSelf>
    where TSelf : struct, IDoubles<TSelf>
{
    static abstract TSelf Load(double* source);

    static abstract void Store(TSelf a, double* destination);

    /// <summary>Stores past the caches, to an address that is a multiple of the register's size.</summary>
    static abstract void Stream(TSelf a, double* destination);
}
