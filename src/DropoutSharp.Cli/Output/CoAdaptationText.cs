using System.Globalization;
using DropoutSharp.Lab.Inspection;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Output;

/// <summary>Writes how much the units of a layer rely on each other in two models, for a terminal.</summary>
internal static class CoAdaptationText
{
    /// <summary>Writes one comparison.</summary>
    /// <param name="pair">What was measured.</param>
    /// <param name="output">Where to.</param>
    public static void Write(CoAdaptationPair pair, TextWriter output)
    {
        output.WriteLine($"Units of '{pair.Layer}', {pair.Model.Units} here and {pair.Against.Units} in the other model:");
        TextTable table = new(new("", IsNumber: false), new("this model"), new("the other"), new("difference"));
        Add("score left when units are deleted, as a share", each => each.RelativeDeletionArea);
        Add("dependence of a unit's use on the others", each => each.ContextDependence);
        Add("mean absolute correlation", each => each.MeanAbsoluteCorrelation);
        Add("effective units", each => each.EffectiveUnits);
        Add("share of zeros", each => each.ShareOfZeros);
        Add("sparsity (Hoyer)", each => each.Sparsity);
        Add("mean activation", each => each.MeanActivation);
        table.Write(output, Screen.Width);
        output.WriteLine();
        TextTable curve = new(new("share of units deleted"), new("score here"), new("score there"));
        if (pair.Model.DeletionCurve.Count == pair.Against.DeletionCurve.Count)
        {
            foreach ((DeletionPoint here, DeletionPoint there) in pair.Model.DeletionCurve.Zip(pair.Against.DeletionCurve))
            {
                curve.Add(here.Share.ToString("0.00", CultureInfo.InvariantCulture), Number(here.Score), Number(there.Score));
            }

            curve.Write(output, Screen.Width);
        }

        void Add(string name, Func<CoAdaptationReport, double> figure) =>
            table.Add(name, Number(figure(pair.Model)), Number(figure(pair.Against)), Number(figure(pair.Model) - figure(pair.Against)));
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');
}
