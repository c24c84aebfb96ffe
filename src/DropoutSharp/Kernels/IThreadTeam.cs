namespace DropoutSharp;

/// <summary>Threads that another library has at hand, lent to the kernels.</summary>
/// <remarks>
/// A library that computes on threads of its own keeps them spinning for a while after each of its operations. Kernels that start threads beside them wait for a
/// processor that is busy doing nothing; kernels that run on them do not. See <see cref="DropoutPrimitives.Team"/>.
/// </remarks>
public interface IThreadTeam
{
    /// <summary>Whether the threads spin for a while before they sleep, so that they begin at once; where not, waking them costs as much as waking a thread of the pool.</summary>
    bool Spins { get; }

    /// <summary>Runs a body on several threads at once, the caller's among them, and returns when all have ended.</summary>
    /// <param name="threads">How many threads are wanted, at least 2; fewer may come.</param>
    /// <param name="body">
    /// What each thread runs, once; it does not throw. It takes the thread's number: 0 for the caller's, and the same for a thread in every run. Whatever one thread does not do, the others do.
    /// </param>
    void Run(int threads, Action<int> body);
}
