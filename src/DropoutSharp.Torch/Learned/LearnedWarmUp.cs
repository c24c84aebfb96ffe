namespace DropoutSharp.Torch;

/// <summary>How much of the regulariser counts at a step.</summary>
/// <remarks>
/// At full strength from the first step, noise is learned before anything else is, and weights are pruned that would have been needed (Sønderby et al. 2016;
/// Molchanov, Ashukha and Vetrov 2017).
/// </remarks>
public static class LearnedWarmUp
{
    /// <summary>From 0 at the first step to 1 after a number of steps, in a straight line.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">After how many steps all of it counts; 0 for at once.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public static double Linear(long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return steps == 0 ? 1 : Math.Min(1, (double)step / steps);
    }
}
