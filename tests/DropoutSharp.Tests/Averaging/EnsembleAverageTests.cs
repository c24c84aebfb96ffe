using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class EnsembleAverageTests
{
    [Fact]
    public void Means_TwoMembers_AreTheTextbooks()
    {
        // p = (0.9, 0.1) and (0.5, 0.5): arithmetic (0.7, 0.3); geometric √0.45 : √0.05 = 3 : 1.
        var average = new EnsembleAverage(OutputKind.Softmax, 2);
        average.Add([Math.Log(0.9), Math.Log(0.1)]);
        average.Add([Math.Log(0.5), Math.Log(0.5)]);

        AssertNear([0.7, 0.3], average.ArithmeticMean(), 1e-15);
        AssertNear([0.75, 0.25], average.GeometricMean(), 1e-15);
        AssertNear([0.2, 0.2], average.StandardDeviation(), 1e-8);
    }

    [Fact]
    public void GeometricMean_Sigmoids_NormalisesAgainstTheOpposite()
    {
        var average = new EnsembleAverage(OutputKind.Sigmoid, 1);
        average.Add([Math.Log(9)]); // 0.9
        average.Add([0]); // 0.5

        AssertNear([0.75], average.GeometricMean(), 1e-15);
        AssertNear([0.7], average.ArithmeticMean(), 1e-15);
    }

    [Fact]
    public void Add_Weights_CountAsRepetitions()
    {
        EnsembleAverage weighted = new(OutputKind.Softmax, 3), repeated = new(OutputKind.Softmax, 3);
        weighted.Add([1, 2, 3], 3);
        weighted.Add([0, -1, 5]);
        for (int i = 0; i < 3; i++)
        {
            repeated.Add([1, 2, 3]);
        }

        repeated.Add([0, -1, 5]);

        AssertNear(repeated.ArithmeticMean(), weighted.ArithmeticMean(), 1e-15);
        AssertNear(repeated.GeometricMean(), weighted.GeometricMean(), 1e-15);
        Assert.Equal(4, weighted.TotalWeight);
    }

    [Fact]
    public void GeometricMean_HugeLogits_DoesNotUnderflow()
    {
        var average = new EnsembleAverage(OutputKind.Softmax, 2);
        average.Add([2000, 0]);
        average.Add([-2000, 0]);

        AssertNear([0.5, 0.5], average.GeometricMean(), 1e-12);
        AssertNear([0.5, 0.5], average.ArithmeticMean(), 1e-12);
    }

    [Fact]
    public void GeometricMean_ImpossibleClassInOneMember_IsImpossible()
    {
        var average = new EnsembleAverage(OutputKind.Softmax, 3);
        average.Add([double.NegativeInfinity, 0, 0]);
        average.Add([5, 1, 1]);
        average.Add([5, 1, 1]);

        AssertNear([0, 0.5, 0.5], average.GeometricMean(), 1e-12);
    }

    [Fact]
    public void GeometricMean_PlainNumbers_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new EnsembleAverage(OutputKind.Identity, 1).GeometricMean());

    [Fact]
    public void Add_BadArguments_AreRefused()
    {
        var average = new EnsembleAverage(OutputKind.Softmax, 2);

        Assert.Throws<ArgumentException>(() => average.Add([1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => average.Add([1, 2], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => average.Add([1, 2], double.NaN));
        Assert.Throws<ArgumentException>(() => average.Add(new EnsembleAverage(OutputKind.Softmax, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EnsembleAverage(OutputKind.Softmax, 0));
    }
}
