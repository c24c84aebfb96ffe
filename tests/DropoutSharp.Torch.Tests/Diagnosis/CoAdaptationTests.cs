using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Diagnosis;

public sealed class CoAdaptationTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Measure_UnitsThatAreCopies_AreFullyCorrelated()
    {
        Tensor inputs = Numbers(50, 1);
        var model = nn.Sequential(("hidden", Linear([[1], [2], [-3]])), ("out", Linear([[1, 1, 1]])));

        CoAdaptationReport report = CoAdaptation.Measure(model, "hidden", inputs, Numbers(50, 1));

        Assert.Equal(3, report.LiveUnits);
        Assert.Equal(1, report.MeanAbsoluteCorrelation, 1e-6);
        Assert.Equal(1, report.EffectiveUnits, 1e-6);
    }

    [Fact]
    public void Measure_OrthogonalUnits_AreUncorrelated()
    {
        var model = nn.Sequential(("hidden", nn.Identity()), ("out", Linear([[1, 1, 1]])));

        CoAdaptationReport report = CoAdaptation.Measure(model, "hidden", Hadamard(), zeros(8, 1));

        Assert.Equal(0, report.MeanAbsoluteCorrelation, 1e-9);
        Assert.Equal(3, report.EffectiveUnits, 1e-9);
    }

    [Fact]
    public void Measure_DeadUnits_EnterNoCorrelation()
    {
        var model = nn.Sequential(("hidden", Linear([[1, 0], [0, 1], [0, 0]])), ("relu", nn.ReLU()), ("out", Linear([[1, 1, 1]])));

        CoAdaptationReport report = CoAdaptation.Measure(model, "relu", Numbers(40, 2), Numbers(40, 1));

        Assert.Equal(3, report.Units);
        Assert.Equal(2, report.LiveUnits);
    }

    [Fact]
    public void DeletionCurve_PerfectSumOfOrthogonalUnits_FallsInAStraightLine()
    {
        // Each deleted unit takes its own third of the variance that the model explains.
        Tensor inputs = Hadamard();
        var model = nn.Sequential(("hidden", nn.Identity()), ("out", Linear([[1, 1, 1]])));

        CoAdaptationReport report = CoAdaptation.Measure(
            model, "hidden", inputs, inputs.sum(1, keepdim: true), new CoAdaptationOptions { Steps = 3 });

        Assert.Equal([0, 1.0 / 3, 2.0 / 3, 1], report.DeletionCurve.Select(point => point.Share));
        foreach (DeletionPoint point in report.DeletionCurve)
        {
            Assert.Equal(1 - point.Share, point.Score, 1e-6);
        }

        Assert.Equal(0.5, report.DeletionArea, 1e-6);
        Assert.Equal(0.5, report.RelativeDeletionArea, 1e-6);
    }

    [Fact]
    public void ContextDependence_PerfectSumOfOrthogonalUnits_IsZero()
    {
        // What is missing in any context is uncorrelated with the unit, so its deletion always adds w²·E[h²].
        Tensor inputs = Hadamard();
        var model = nn.Sequential(("hidden", nn.Identity()), ("out", Linear([[1, 2, 3]])));

        CoAdaptationReport report = CoAdaptation.Measure(
            model, "hidden", inputs, inputs.mv(tensor(new float[] { 1, 2, 3 })).unsqueeze(1));

        Assert.Equal(0, report.ContextDependence, 1e-9);
    }

    [Fact]
    public void ContextDependence_EqualCopies_IsOne()
    {
        // Copies of one unit are all worth the same on average; only how many others are there decides.
        Tensor inputs = Numbers(50, 1);
        var model = nn.Sequential(("hidden", Linear([[1], [1], [1]])), ("out", Linear([[1, 1, 1]])));

        CoAdaptationReport report = CoAdaptation.Measure(model, "hidden", inputs, inputs * 3, new CoAdaptationOptions { Contexts = 12 });

        Assert.InRange(report.ContextDependence, 0.9, 1);
    }

    [Fact]
    public void Sparsity_OneActiveUnit_IsOne()
    {
        Tensor inputs = eye(4);
        var model = nn.Sequential(("hidden", nn.Identity()), ("out", nn.Identity()));

        CoAdaptationReport report = CoAdaptation.Measure(model, "hidden", inputs, arange(4, int64));

        Assert.Equal(1, report.Sparsity, 1e-12);
        Assert.Equal(0.75, report.ShareOfZeros, 1e-12);
        Assert.Equal(0.25, report.MeanActivation, 1e-12);
        Assert.Equal(1, report.DeletionCurve[0].Score);
        Assert.Equal(0.25, report.DeletionCurve[^1].Score); // all logits 0: the first class, right for one row in four
    }

    [Fact]
    public void Measure_Maps_DeletesWholeChannels()
    {
        var model = nn.Sequential(("conv", nn.Conv2d(1, 6, 3)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()));

        CoAdaptationReport report = CoAdaptation.Measure(model, "conv", randn(10, 1, 5, 5), arange(10, int64) % 6);

        Assert.Equal(6, report.Units);
    }

    [Fact]
    public void Measure_AnyModel_LeavesItAsItWas()
    {
        var drop = new Dropout(0.5, seed: 1);
        var model = nn.Sequential(("hidden", Linear([[1], [2]])), ("drop", drop), ("out", Linear([[1, 1]])));
        model.train();
        drop.eval();
        MaskStream position = drop.Position;
        Tensor inputs = Numbers(10, 1);

        CoAdaptation.Measure(model, "hidden", inputs, inputs);

        Assert.True(model.training);
        Assert.False(drop.training);
        Assert.Equal(position, drop.Position);
        Assert.Equal(3 * inputs.sum().item<float>(), model.call(inputs).sum().item<float>(), 1e-4); // no hook deletes any more
    }

    [Fact]
    public void Measure_UnknownLayer_NamesTheLayers()
    {
        var model = nn.Sequential(("hidden", nn.Identity()));

        Assert.Contains("'hidden'; received 'x'", Assert.Throws<ArgumentException>(
            () => CoAdaptation.Measure(model, "x", eye(2), arange(2, int64))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CoAdaptation.Measure(model, "hidden", eye(2), arange(3, int64)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => CoAdaptation.Measure(model, "hidden", eye(2), arange(2, int64), new CoAdaptationOptions { Contexts = 1 }));
    }

    internal static Tensor Numbers(int rows, int columns)
    {
        var stream = new MaskStream(11);
        return tensor(Enumerable.Range(0, rows * columns).Select(i => (float)stream.Normal(i)).ToArray()).reshape(rows, columns);
    }

    internal static TorchSharp.Modules.Linear Linear(float[][] weights)
    {
        TorchSharp.Modules.Linear linear = nn.Linear(weights[0].Length, weights.Length);
        using (no_grad())
        {
            linear.weight!.copy_(tensor(weights.SelectMany(row => row).ToArray()).reshape(weights.Length, weights[0].Length));
            linear.bias!.zero_();
        }

        return linear;
    }

    private static Tensor Hadamard()
    {
        var rows = new float[24];
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                rows[(row * 3) + column] = (row >> column & 1) == 0 ? 1 : -1;
            }
        }

        return tensor(rows).reshape(8, 3);
    }
}
