using DropoutSharp.Averaging;
using static DropoutSharp.Tests.Averaging.AveragingExamples;

namespace DropoutSharp.Tests.Averaging;

public sealed class SubNetworkEnumerationTests
{
    [Theory]
    [InlineData(OutputKind.Softmax)]
    [InlineData(OutputKind.Sigmoid)]
    public void Average_OneLayer_GeometricMeanIsWeightScaling(OutputKind output)
    {
        for (int units = 1; units <= 16; units += units < 12 ? 1 : 4)
        {
            DenseNetwork network = Network(output, HiddenActivation.Identity, units, 5);
            double[] input = Normals(99, units), logits = new double[5];
            network.WeightScaledLogits(input, logits);

            AssertNear(EnsembleAverage.Predict(output, logits), SubNetworkEnumeration.Average(network, input).GeometricMean(), 1e-12);
        }
    }

    [Fact]
    public void Average_OneLayerHalfDropped_GeometricMeanIsWeightScaling()
    {
        var network = new DenseNetwork([new DenseLayer(Normals(1, 48), Normals(2, 3), 0.5)], HiddenActivation.Identity, OutputKind.Softmax);
        double[] input = Normals(3, 16), logits = new double[3];
        network.WeightScaledLogits(input, logits);

        AssertNear(EnsembleAverage.Predict(OutputKind.Softmax, logits), SubNetworkEnumeration.Average(network, input).GeometricMean(), 1e-12);
    }

    [Fact]
    public void Average_DropoutBeforeTheLastLayerOnly_GeometricMeanIsWeightScaling()
    {
        // A deep ReLU network whose only dropped units are the last hidden ones: everything before them is a fixed function of the input.
        var network = new DenseNetwork(
            [new DenseLayer(Normals(1, 60), Normals(2, 10)), new DenseLayer(Normals(3, 40), Normals(4, 4), Rates(5, 10))],
            HiddenActivation.Relu,
            OutputKind.Softmax);
        double[] input = Normals(6, 6), logits = new double[4];
        network.WeightScaledLogits(input, logits);

        AssertNear(EnsembleAverage.Predict(OutputKind.Softmax, logits), SubNetworkEnumeration.Average(network, input).GeometricMean(), 1e-12);
    }

    [Fact]
    public void Average_DeepReluNetwork_GeometricMeanIsNotWeightScaling()
    {
        var network = new DenseNetwork(
            [new DenseLayer(Normals(1, 40), Normals(2, 8), 0.5), new DenseLayer(Normals(3, 24), Normals(4, 3), 0.5)],
            HiddenActivation.Relu,
            OutputKind.Softmax);
        double[] input = Normals(99, 5), logits = new double[3];
        network.WeightScaledLogits(input, logits);

        double distance = DistributionDistance.KullbackLeibler(
            SubNetworkEnumeration.Average(network, input).GeometricMean(), EnsembleAverage.Predict(OutputKind.Softmax, logits));

        Assert.True(distance > 1e-3, $"{distance}");
    }

    [Fact]
    public void Average_LinearNetwork_ArithmeticMeanIsWeightScaling()
    {
        // Masks of different layers are independent, so the mean passes through every linear layer.
        DenseNetwork network = Network(OutputKind.Identity, HiddenActivation.Identity, 5, 4, 3, 2);
        double[] input = Normals(99, 5), logits = new double[2];
        network.WeightScaledLogits(input, logits);

        AssertNear(logits, SubNetworkEnumeration.Average(network, input).ArithmeticMean(), 1e-11);
    }

    [Theory]
    [InlineData(OutputKind.Softmax, HiddenActivation.Relu)]
    [InlineData(OutputKind.Softmax, HiddenActivation.Tanh)]
    [InlineData(OutputKind.Sigmoid, HiddenActivation.Relu)]
    [InlineData(OutputKind.Identity, HiddenActivation.Sigmoid)]
    public void Average_DeepNetwork_IsTheAverageOverEveryMask(OutputKind output, HiddenActivation hidden)
    {
        DenseNetwork network = Network(output, hidden, 3, 9, 2, 3);
        double[] input = Normals(99, 3);

        EnsembleAverage expected = BruteForce(network, input), actual = SubNetworkEnumeration.Average(network, input);

        AssertNear(expected.ArithmeticMean(), actual.ArithmeticMean(), 1e-12);
        AssertNear(expected.StandardDeviation(), actual.StandardDeviation(), 1e-10);
        if (output != OutputKind.Identity)
        {
            AssertNear(expected.GeometricMean(), actual.GeometricMean(), 1e-12);
        }
    }

    [Fact]
    public void Average_MoreThan256Masks_WeightsAddToOne()
    {
        EnsembleAverage average = SubNetworkEnumeration.Average(
            Network(OutputKind.Softmax, HiddenActivation.Identity, 13, 2), Normals(99, 13));

        Assert.Equal(1 << 13, average.Members);
        Assert.Equal(1, average.TotalWeight, 1e-13);
    }

    [Fact]
    public void Average_TwentyUnits_IsExact()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Identity, 20, 2);
        double[] input = Normals(99, 20), logits = new double[2];
        network.WeightScaledLogits(input, logits);

        EnsembleAverage average = SubNetworkEnumeration.Average(network, input);

        Assert.Equal(1 << 20, average.Members);
        AssertNear(EnsembleAverage.Predict(OutputKind.Softmax, logits), average.GeometricMean(), 1e-11);
    }

    [Fact]
    public void Average_AnyNumberOfThreads_GivesTheSameBits()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Relu, 4, 7, 3);
        double[] input = Normals(99, 4);

        EnsembleAverage one = SubNetworkEnumeration.Average(network, input, 1), many = SubNetworkEnumeration.Average(network, input, 8);

        Assert.Equal(one.ArithmeticMean(), many.ArithmeticMean());
        Assert.Equal(one.GeometricMean(), many.GeometricMean());
    }

    [Fact]
    public void Average_UnitsThatHoldZero_AreRunOnce()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Identity, 6, 3);
        double[] input = Normals(99, 6);
        (input[1], input[4]) = (0, 0);

        EnsembleAverage average = SubNetworkEnumeration.Average(network, input);

        Assert.Equal(1 << 4, average.Members);
        AssertNear(BruteForce(network, input).ArithmeticMean(), average.ArithmeticMean(), 1e-14);
    }

    [Fact]
    public void Average_RatesOfZeroAndOne_KeepAlwaysAndNever()
    {
        var network = new DenseNetwork(
            [new DenseLayer([1, 10, 100], [0], [0, 1, 0.5])], HiddenActivation.Identity, OutputKind.Identity);

        EnsembleAverage average = SubNetworkEnumeration.Average(network, [1, 1, 1]);

        Assert.Equal(1, network.DroppableUnits);
        Assert.Equal(2, average.Members);
        Assert.Equal(101, average.ArithmeticMean()[0]); // 1 always, 100/0.5 half of the time
        Assert.Equal(100, average.StandardDeviation()[0]);
    }

    [Fact]
    public void Average_NothingDroppable_IsTheNetwork()
    {
        var network = new DenseNetwork([new DenseLayer([2, 3], [1])], HiddenActivation.Identity, OutputKind.Identity);

        EnsembleAverage average = SubNetworkEnumeration.Average(network, [1, 1]);

        Assert.Equal(1, average.Members);
        Assert.Equal(6, average.ArithmeticMean()[0]);
    }

    [Fact]
    public void SubNetworkLogits_DroppedInfinity_AddsNothing()
    {
        var network = new DenseNetwork([new DenseLayer([1, 1], [0], 0.5)], HiddenActivation.Identity, OutputKind.Identity);
        var logits = new double[1];

        network.SubNetworkLogits([double.PositiveInfinity, 1], [false, true], logits);

        Assert.Equal(2, logits[0]);
    }

    [Fact]
    public void Average_TooManyUnits_NamesTheLimit()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Identity, 21, 2);

        var error = Assert.Throws<ArgumentException>(() => SubNetworkEnumeration.Average(network, new double[21]));

        Assert.Contains("at most 20 droppable units; received 21", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Average_WrongInput_SaysWhatItExpected()
    {
        DenseNetwork network = Network(OutputKind.Softmax, HiddenActivation.Identity, 3, 2);

        Assert.Contains("3 numbers; received 2", Assert.Throws<ArgumentException>(
            () => SubNetworkEnumeration.Average(network, new double[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DenseNetwork_LayersThatDoNotFit_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new DenseNetwork(
            [new DenseLayer([1, 1], [0, 0], 0.5), new DenseLayer([1, 1, 1], [0], 0.5)], HiddenActivation.Relu, OutputKind.Softmax));

        Assert.Contains("2 outputs of the layer before it; received one that takes 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DenseNetwork([], HiddenActivation.Relu, OutputKind.Softmax));
        Assert.Throws<ArgumentException>(() => new DenseLayer([1, 2, 3], [0, 0], 0.5));
        Assert.Throws<ArgumentException>(() => new DenseLayer([], [], 0.5));
    }
}
