using static DropoutSharp.Torch.Tests.Diagnosis.CoAdaptationTests;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Diagnosis;

public sealed class BatchNormStatisticsTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Recompute_SeveralBatches_GivesTheStatisticsOfAllOfThem()
    {
        TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(3);
        var model = nn.Sequential(("drop", new Dropout(0.5, seed: 1)), ("norm", norm));
        Tensor inputs = (Numbers(100, 3) * 2) + 5;

        int layers = BatchNormStatistics.Recompute(model, [inputs[..30], inputs[30..]]);

        Assert.Equal(1, layers);
        Close(inputs.mean([0]), norm.running_mean!);
        Close(inputs.var(0, unbiased: true), norm.running_var!);
    }

    [Fact]
    public void Recompute_AfterTrainingWithDropout_MakesEvaluationOutputsUnitVariance()
    {
        var model = nn.Sequential(("drop", new Dropout(0.5, seed: 1)), ("norm", nn.BatchNorm1d(4)));
        Tensor inputs = Numbers(2000, 4) + 1;
        model.train();
        for (int step = 0; step < 60; step++)
        {
            model.call(inputs).Dispose();
        }

        model.eval();
        double before = model.call(inputs).var(0, unbiased: true).mean().item<float>();
        BatchNormStatistics.Recompute(model, [inputs]);
        double after = model.call(inputs).var(0, unbiased: true).mean().item<float>();

        Assert.Equal(VarianceShift.Predict(1, 1, 0.5), before, 0.05); // the variance shift of theory
        Assert.Equal(1, after, 1e-3);
    }

    [Fact]
    public void Recompute_Maps_CountsEveryPosition()
    {
        TorchSharp.Modules.BatchNorm2d norm = nn.BatchNorm2d(2);
        var model = nn.Sequential(("norm", norm));
        Tensor inputs = Numbers(6, 2 * 3 * 3).reshape(6, 2, 3, 3);

        BatchNormStatistics.Recompute(model, [inputs]);

        Close(inputs.mean([0, 2, 3]), norm.running_mean!);
    }

    [Fact]
    public void Recompute_Modes_AreGivenBack()
    {
        var model = nn.Sequential(("norm", nn.BatchNorm1d(3)), ("drop", nn.Dropout()));
        model.train();

        BatchNormStatistics.Recompute(model, [Numbers(10, 3)]);

        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Recompute_NoBatches_IsRefusedAndChangesNothing()
    {
        TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(3);

        Assert.Throws<ArgumentException>(() => BatchNormStatistics.Recompute(nn.Sequential(("norm", norm)), []));
        Close(ones(3), norm.running_var!);
    }

    [Fact]
    public void Recompute_NoBatchNorm_SetsNone() =>
        Assert.Equal(0, BatchNormStatistics.Recompute(nn.Sequential(("linear", nn.Linear(3, 3))), [Numbers(4, 3)]));

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, 1e-4, 1e-5), $"{expected.ToString(TorchSharp.TensorStringStyle.Julia)} {actual.ToString(TorchSharp.TensorStringStyle.Julia)}");
}
