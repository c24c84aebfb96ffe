using static DropoutSharp.Torch.Tests.Diagnosis.CoAdaptationTests;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Diagnosis;

public sealed class NormalizationClashTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Predict_CentredInput_IsTheKeepProbability() => Assert.Equal(0.3, VarianceShift.Predict(0, 2.5, 0.7), 1e-12);

    [Fact]
    public void Predict_ShiftedInput_IsTheFormula() =>
        Assert.Equal(1 / (((4 + 1) / 0.5) - 4), VarianceShift.Predict(2, 1, 0.5), 1e-12);

    [Fact]
    public void Predict_NoDropout_IsOne() => Assert.Equal(1, VarianceShift.Predict(3, 2, 0), 1e-12);

    [Fact]
    public void Predict_BadArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VarianceShift.Predict(0, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarianceShift.Predict(0, 1, 1));
    }

    [Theory]
    [InlineData(0.2, 0.0)]
    [InlineData(0.5, 1.5)]
    public void Measure_DropoutBeforeBatchNorm_AgreesWithTheory(double dropRate, double mean)
    {
        var model = nn.Sequential(("drop", new Dropout(dropRate, seed: 5)), ("norm", nn.BatchNorm1d(8)));

        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, Numbers(4000, 8) + mean, 8));

        // 8 units × 8 passes × 4,000 rows: the variance of a variance is at most a few times 2/256,000, so 2 % is beyond five deviations.
        Assert.True(shift.IsPredictedAtNorm);
        Assert.Equal(shift.Predicted!.Value, shift.Measured, 0.02);
        Assert.Equal(VarianceShift.Predict(mean, 1, dropRate), shift.Predicted.Value, 0.05);
        Assert.Equal(("drop", "norm", NormalizationKind.Batch), (shift.Site, shift.Norm, shift.NormKind));
    }

    [Fact]
    public void Measure_LinearBetween_IsPredictedExactly()
    {
        var model = nn.Sequential(("drop", new Dropout(0.5, seed: 5)), ("linear", nn.Linear(8, 16)), ("norm", nn.BatchNorm1d(16)));

        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, Numbers(4000, 8) + 0.5, 8));

        Assert.True(shift.IsPredictedAtNorm);
        Assert.Equal(shift.Predicted!.Value, shift.Measured, 0.02);
    }

    [Fact]
    public void Measure_MapsFlattenedBeforeALinear_IsPredictedExactly()
    {
        var model = nn.Sequential(
            ("maps", nn.Unflatten(1, [4, 2, 1])), ("drop", new Dropout(0.5, seed: 5)), ("flatten", nn.Flatten()), ("linear", nn.Linear(8, 16)), ("norm", nn.BatchNorm1d(16)));

        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, Numbers(4000, 8) + 0.5, 8));

        Assert.True(shift.IsPredictedAtNorm);
        Assert.Equal(shift.Predicted!.Value, shift.Measured, 0.02);
    }

    [Fact]
    public void Measure_DropoutAfterTheLastNorm_FindsNothing()
    {
        var model = nn.Sequential(("norm", nn.BatchNorm1d(8)), ("drop", new Dropout(0.5)), ("linear", nn.Linear(8, 2)));

        Assert.Empty(NormalizationClash.Measure(model, Numbers(100, 8)));
    }

    [Fact]
    public void Measure_ResidualBranch_IsFollowed()
    {
        var model = new Residual();

        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, Numbers(500, 4)));

        Assert.Equal("branch.drop", shift.Site);
        Assert.Equal("norm", shift.Norm);
        Assert.False(shift.IsPredictedAtNorm);
        Assert.InRange(shift.Measured, 0.5, 0.99);
    }

    [Fact]
    public void Measure_LayerNorm_IsRowNorm()
    {
        var model = nn.Sequential(("drop", nn.Dropout(0.5)), ("norm", nn.LayerNorm(32)));

        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, Numbers(500, 32)));

        Assert.Equal(NormalizationKind.Row, shift.NormKind);
        Assert.Equal(shift.Predicted!.Value, shift.Measured, 0.03);
    }

    [Fact]
    public void Measure_AnyModel_LeavesStatisticsAndModes()
    {
        TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(8);
        var model = nn.Sequential(("drop", nn.Dropout(0.5)), ("norm", norm));
        model.train();
        float[] before = norm.running_mean!.data<float>().ToArray();

        NormalizationClash.Measure(model, Numbers(100, 8) + 3);

        Assert.Equal(before, norm.running_mean!.data<float>().ToArray());
        Assert.True(norm.training);
    }

    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        [TorchSharp.Utils.ComponentName(Name = "branch")]
        private readonly TorchSharp.Modules.Sequential _branch = nn.Sequential(("linear", nn.Linear(4, 4)), ("drop", new Dropout(0.5, seed: 2)));

        [TorchSharp.Utils.ComponentName(Name = "norm")]
        private readonly TorchSharp.Modules.BatchNorm1d _norm = nn.BatchNorm1d(4);

        public Residual()
            : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _norm.call(input + _branch.call(input));
    }
}
