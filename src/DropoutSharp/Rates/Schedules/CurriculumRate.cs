using System.Globalization;

namespace DropoutSharp;

/// <summary>Curriculum dropout: the keep probability falls exponentially from 1 to its final value.</summary>
/// <remarks>
/// <para><c>keep(t) = (1 − keep∞)·exp(−γt) + keep∞</c>, hence <c>rate(t) = rate∞·(1 − exp(−γt))</c>.</para>
/// <para>Morerio, Cavazza, Volpi, Vidal and Murino, "Curriculum dropout", ICCV 2017; they take γ = 10/T for T steps of training
/// (<see cref="ForTraining"/>).</para>
/// </remarks>
public sealed record CurriculumRate : RateSchedule
{
    /// <summary>A curriculum with its speed.</summary>
    /// <param name="final">The drop rate that is approached.</param>
    /// <param name="gamma">The speed γ per step, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gamma"/> is not positive and finite.</exception>
    public CurriculumRate(DropRate final, double gamma)
    {
        if (!(gamma > 0 && double.IsFinite(gamma)))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, string.Create(
                CultureInfo.InvariantCulture, $"Curriculum speed gamma must be positive and finite; received {gamma}."));
        }

        Final = final;
        Gamma = gamma;
    }

    /// <summary>The curriculum of the paper: γ = 10/T.</summary>
    /// <param name="final">The drop rate that is approached; at T/10 steps 63 % of it is reached.</param>
    /// <param name="trainingSteps">T, the number of steps of the whole training, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trainingSteps"/> is below 1.</exception>
    public static CurriculumRate ForTraining(DropRate final, long trainingSteps)
    {
        if (trainingSteps < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(trainingSteps), trainingSteps, $"Training steps must be at least 1; received {trainingSteps}.");
        }

        return new CurriculumRate(final, 10.0 / trainingSteps);
    }

    /// <summary>The drop rate that is approached.</summary>
    public DropRate Final { get; }

    /// <summary>The speed γ per step.</summary>
    public double Gamma { get; }

    private protected override string Name => "curriculum";

    private protected override IEnumerable<string> Arguments => [Text(Final), Text(Gamma)];

    private protected override DropRate RateAt(long step) => Final.Value * (1 - Math.Exp(-Gamma * step));
}
