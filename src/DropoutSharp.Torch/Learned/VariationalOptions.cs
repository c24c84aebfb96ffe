namespace DropoutSharp.Torch;

/// <summary>What noise a variational layer learns, and from where it starts.</summary>
/// <param name="Kind">The kind of noise.</param>
/// <param name="Sharing">What has an α of its own; sparse noise has one a weight.</param>
/// <param name="InitialAlpha">
/// Types A and B: the noise variance α to start from, above 0 and at most 1; 0.25 is a drop rate of 0.2.
/// </param>
/// <param name="InitialLogVariance">Sparse: the ln σ² that every weight starts from.</param>
public readonly record struct VariationalOptions(
    VariationalKind Kind = VariationalKind.Sparse, VariationalSharing Sharing = VariationalSharing.Weight, double InitialAlpha = 0.25,
    double InitialLogVariance = -8)
{
    /// <summary>Sparse variational dropout.</summary>
    public VariationalOptions()
        : this(VariationalKind.Sparse)
    {
    }

    internal void Check()
    {
        if (Kind is not (VariationalKind.Sparse or VariationalKind.TypeA or VariationalKind.TypeB))
        {
            throw new ArgumentOutOfRangeException("options", Kind, $"The kind must be Sparse, TypeA or TypeB; received {Kind}.");
        }

        if (Sharing is not (VariationalSharing.Weight or VariationalSharing.Unit or VariationalSharing.Layer))
        {
            throw new ArgumentOutOfRangeException("options", Sharing, $"Sharing must be Weight, Unit or Layer; received {Sharing}.");
        }

        if (Kind == VariationalKind.Sparse && Sharing != VariationalSharing.Weight)
        {
            throw new ArgumentException($"Sparse noise has an alpha a weight; received sharing by {Sharing}.", "options");
        }

        if (Kind == VariationalKind.TypeA && Sharing == VariationalSharing.Weight)
        {
            throw new ArgumentException("Type A has its noise on the inputs, an alpha a unit or layer; received sharing by Weight.", "options");
        }

        if (!(InitialAlpha > 0 && InitialAlpha <= 1))
        {
            throw new ArgumentOutOfRangeException(
                "options", InitialAlpha, FormattableString.Invariant($"The initial alpha must be above 0 and at most 1; received {InitialAlpha}."));
        }

        if (!double.IsFinite(InitialLogVariance))
        {
            throw new ArgumentOutOfRangeException(
                "options", InitialLogVariance, FormattableString.Invariant($"The initial log-variance must be finite; received {InitialLogVariance}."));
        }
    }
}
