namespace DropoutSharp.Uncertainty;

/// <summary>How rows are put into bins by their confidence.</summary>
public enum CalibrationBinning
{
    /// <summary>Bins of equal width: bin k of K is <c>((k−1)/K, k/K]</c>, the first one with 0 (Guo et al. 2017).</summary>
    EqualWidth,

    /// <summary>
    /// Bins of equal numbers of rows, as nearly as equal confidences allow: rows of one confidence stay in one bin, so that the order of the
    /// rows does not matter (Nguyen and O'Connor 2015).
    /// </summary>
    EqualMass,
}
