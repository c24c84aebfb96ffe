using System.Globalization;

namespace DropoutSharp.Torch;

/// <summary>A place in a model that drops.</summary>
/// <param name="Path">The module's path in the model; empty for the model itself.</param>
/// <param name="Kind">The module's type: <c>Dropout</c>, or <c>TorchSharp Dropout</c> for one of TorchSharp's own.</param>
/// <param name="DropRate">The drop rate; NaN where one of TorchSharp's modules has none that is valid.</param>
/// <param name="LastMaskShape">The shape of the latest mask; null before the first, and for TorchSharp's modules, which keep none.</param>
/// <param name="IsTraining">Whether it is in training mode.</param>
public sealed record DropoutSiteInfo(string Path, string Kind, double DropRate, IReadOnlyList<long>? LastMaskShape, bool IsTraining)
{
    /// <summary>The place in one line.</summary>
    public override string ToString()
    {
        string where = Path.Length == 0 ? "the model itself" : Path;
        string mask = LastMaskShape is null ? string.Empty : $", latest mask [{string.Join(", ", LastMaskShape)}]";
        return string.Create(CultureInfo.InvariantCulture, $"{where}: {Kind}, rate {DropRate:0.######}{mask}{(IsTraining ? string.Empty : ", in evaluation")}");
    }
}
