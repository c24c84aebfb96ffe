using static DropoutSharp.Torch.Tests.Diagnosis.CoAdaptationTests;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Diagnosis;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Inspect_SoundModel_FindsNothing()
    {
        InspectionReport report = Inspect(
            ("norm", nn.BatchNorm1d(4)), ("relu", nn.ReLU()), ("drop", new Dropout(0.5)), ("out", nn.Linear(4, 3)));

        Assert.Empty(report.Findings);
        Assert.False(report.HasWarnings);
        InspectedSite site = Assert.Single(report.Sites);
        Assert.Equal(("drop", "Dropout", 0.5), (site.Path, site.Kind, site.DropRate));
        Assert.Equal([200L, 4L], site.Shape);
    }

    [Fact]
    public void Inspect_DropoutBeforeBatchNorm_NamesBothAndTheSize()
    {
        Finding finding = Only(("drop", new Dropout(0.5, seed: 1)), ("norm", nn.BatchNorm1d(4)), ("out", nn.Linear(4, 3)));

        Assert.Equal((FindingRules.DropoutBeforeBatchNorm, FindingSeverity.Warning, "drop"), (finding.Rule, finding.Severity, finding.Path));
        Assert.Contains("'norm'", finding.Message, StringComparison.Ordinal);
        Assert.Contains("0.5", finding.Message, StringComparison.Ordinal);
        Assert.Contains("after the last BatchNorm", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_DropoutBeforeBatchNormWithStatisticsOfEvaluation_IsANote()
    {
        TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(4);
        var model = nn.Sequential(("drop", new Dropout(0.5, seed: 1)), ("norm", norm), ("out", nn.Linear(4, 3)));
        Tensor rows = (Numbers(200, 4) * 3) + 2;
        model.eval();

        BatchNormStatistics.Recompute(model, [rows]);

        Finding finding = Assert.Single(ModelInspector.Inspect(model, rows).Findings);
        Assert.Equal((FindingRules.DropoutBeforeBatchNorm, FindingSeverity.Note), (finding.Rule, finding.Severity));
        VarianceShift shift = Assert.Single(NormalizationClash.Measure(model, rows));
        Assert.Equal(199.0 / 200, shift.Remembered!.Value, 1e-4); // the remembered variance is the unbiased one
        Assert.InRange(shift.Measured, 0, 0.5); // the shift itself is what it was
    }

    [Fact]
    public void Inspect_DropoutBeforeBatchNormThatRemembersNothing_IsANote()
    {
        Finding finding = Only(
            ("drop", new Dropout(0.5, seed: 1)), ("norm", nn.BatchNorm1d(4, track_running_stats: false)), ("out", nn.Linear(4, 3)));

        Assert.Equal((FindingRules.DropoutBeforeBatchNorm, FindingSeverity.Note), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void Inspect_DropoutBeforeLayerNorm_IsANote()
    {
        Finding finding = Only(("drop", new Dropout(0.5, seed: 1)), ("norm", nn.LayerNorm(4)), ("out", nn.Linear(4, 3)));

        Assert.Equal((FindingRules.DropoutBeforeRowNorm, FindingSeverity.Note), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void Inspect_RateZero_DoesNothing() =>
        Assert.Equal(FindingRules.RateZero, Only(("drop", new Dropout(0)), ("out", nn.Linear(4, 3))).Rule);

    [Fact]
    public void Inspect_RateOne_LearnsNothing() =>
        Assert.Equal(FindingRules.RateOne, Only(("drop", new Dropout(1)), ("out", nn.Linear(4, 3))).Rule);

    [Fact]
    public void Inspect_SoftmaxAfterDropout_IsFound() =>
        Assert.Equal(
            FindingRules.SoftmaxAfterDropout,
            Only(("out", nn.Linear(4, 3)), ("drop", nn.Dropout(0.5)), ("softmax", nn.Softmax(1))).Rule);

    [Fact]
    public void Inspect_DropoutOnTheOutput_IsFound() =>
        Assert.Equal(FindingRules.DropoutOnOutput, Only(("out", nn.Linear(4, 3)), ("drop", new Dropout(0.5))).Rule);

    [Fact]
    public void Inspect_TwoInARow_SaysWhatTheyDropTogether()
    {
        Finding finding = Only(("one", new Dropout(0.5)), ("two", new Dropout(0.5)), ("out", nn.Linear(4, 3)));

        Assert.Equal(FindingRules.DropoutTwice, finding.Rule);
        Assert.Contains("together they drop 0.75", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_SiteThatIsNotRun_IsFound()
    {
        using var model = new Forgetful();

        Finding finding = Assert.Single(ModelInspector.Inspect(model, Numbers(10, 4)).Findings);

        Assert.Equal((FindingRules.NeverRun, "drop"), (finding.Rule, finding.Path));
    }

    [Theory]
    [InlineData(StochasticDepthMode.Row, true)]
    [InlineData(StochasticDepthMode.Subset, true)]
    [InlineData(StochasticDepthMode.Batch, false)]
    public void Inspect_PathAroundBatchNorm_IsFoundWhereRowsAreDropped(StochasticDepthMode mode, bool isFound)
    {
        InspectionReport report = Inspect(
            ("block", new StochasticDepth(nn.Sequential(("norm", nn.BatchNorm1d(4)), ("linear", nn.Linear(4, 4))), 0.3, mode, seed: 1)),
            ("out", nn.Linear(4, 3)));

        Assert.Equal(isFound, report.Findings.Any(finding => finding.Rule == FindingRules.RowPathAroundBatchNorm && finding.Path == "block"));
        Assert.Equal(("block", "StochasticDepth"), (report.Sites[0].Path, report.Sites[0].Kind));
    }

    [Fact]
    public void Inspect_NoDropout_IsANote() => Assert.Equal(FindingRules.NoDropout, Only(("out", nn.Linear(4, 3))).Rule);

    private static InspectionReport Inspect(params (string, nn.Module<Tensor, Tensor>)[] layers) =>
        ModelInspector.Inspect(nn.Sequential(layers), Numbers(200, 4));

    private static Finding Only(params (string, nn.Module<Tensor, Tensor>)[] layers) => Assert.Single(Inspect(layers).Findings);

    private sealed class Forgetful : nn.Module<Tensor, Tensor>
    {
        [TorchSharp.Utils.ComponentName(Name = "linear")]
        private readonly TorchSharp.Modules.Linear _linear = nn.Linear(4, 2);

        [TorchSharp.Utils.ComponentName(Name = "drop")]
        private readonly Dropout _drop = new(0.5);

        public Forgetful()
            : base(nameof(Forgetful)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _linear.call(input);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _linear.Dispose();
                _drop.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
