using static DropoutSharp.Torch.Tests.Diagnosis.CoAdaptationTests;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Diagnosis;

public sealed class WeightScalingTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Measure_DropoutBeforeTheLastLayer_GeometricMeanIsWeightScaling()
    {
        // Exact in the limit of all masks. With T passes the mean of the logits is off by a variance of order 1/T, and the divergence is a square of it.
        var model = nn.Sequential(("drop", new Dropout(0.5, seed: 3)), ("out", Linear([[0.5f, -0.3f, 0.2f], [0.1f, 0.4f, -0.6f]])));
        Tensor inputs = Numbers(20, 3);

        WeightScalingReport report = WeightScaling.Measure(model, inputs, 4000, zeros(20, int64));

        Assert.InRange(report.GeometricDivergence, 0, 1e-3);
        Assert.True(report.ArithmeticDivergence > 5 * report.NoiseFloor, $"{report}");
        Assert.True(report.GeometricDivergence < report.ArithmeticDivergence, $"{report}");
        Assert.NotNull(report.WeightScalingNll);
    }

    [Fact]
    public void Measure_TorchSharpsOwnDropout_IsFoundAndLeftInItsMode()
    {
        TorchSharp.Modules.Dropout drop = nn.Dropout(0.5);
        var model = nn.Sequential(("drop", drop), ("out", Linear([[1, -1], [-1, 1]])));
        model.train();

        WeightScalingReport report = WeightScaling.Measure(model, Numbers(20, 2), 50);

        Assert.True(report.ArithmeticDistance > 0);
        Assert.True(drop.training);
        Assert.Null(report.ArithmeticNll);
    }

    [Fact]
    public void Measure_SamePosition_GivesTheSameFigures()
    {
        var drop = new Dropout(0.5, seed: 3);
        var model = nn.Sequential(("drop", drop), ("out", Linear([[1, -1], [-1, 1]])));
        MaskStream position = drop.Position;
        Tensor inputs = Numbers(20, 2);

        Assert.Equal(WeightScaling.Measure(model, inputs, 10), WeightScaling.Measure(model, inputs, 10));
        Assert.Equal(position, drop.Position);
    }

    [Fact]
    public void Measure_NoDropout_IsRefused()
    {
        Assert.Contains("must have dropout", Assert.Throws<ArgumentException>(
            () => WeightScaling.Measure(nn.Sequential(("out", Linear([[1]]))), Numbers(2, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightScaling.Measure(nn.Sequential(("d", new Dropout())), Numbers(2, 1), 1));
    }
}
