using CsCheck;
using DropoutSharp.Uncertainty;

namespace DropoutSharp.Tests.Uncertainty;

public sealed class ClassificationMomentsTests
{
    [Fact]
    public void MutualInformation_TwoOpposedCertainVotes_IsLnTwo()
    {
        ClassificationMoments moments = new(1, 2);
        moments.Add<double>([1, 0]);
        moments.Add<double>([0, 1]);

        Assert.Equal(Math.Log(2), moments.GetMutualInformation()[0], 1e-15);
        Assert.Equal(Math.Log(2), moments.GetPredictiveEntropy()[0], 1e-15);
        Assert.Equal(0, moments.GetExpectedEntropy()[0]);
        Assert.Equal(0.5, moments.GetVariationRatio()[0]);
        Assert.Equal([0.5, 0.5], moments.GetMeanProbabilities());
    }

    [Fact]
    public void MutualInformation_EveryPassUndecided_IsZero()
    {
        ClassificationMoments moments = new(1, 4);
        moments.Add<float>([0.25f, 0.25f, 0.25f, 0.25f]);
        moments.AddLogits<float>([3, 3, 3, 3]);

        Assert.Equal(0, moments.GetMutualInformation()[0], 1e-15);
        Assert.Equal(Math.Log(4), moments.GetExpectedEntropy()[0], 1e-14);
        Assert.Equal(0, moments.GetVariationRatio()[0]);
    }

    [Fact]
    public void VariationRatio_ThreeOfFiveAgree_IsTwoFifths()
    {
        ClassificationMoments moments = new(1, 3);
        foreach (int vote in (int[])[0, 1, 0, 2, 0])
        {
            double[] probabilities = [0.2, 0.2, 0.2];
            probabilities[vote] = 0.6;
            moments.Add<double>(probabilities);
        }

        Assert.Equal(0.4, moments.GetVariationRatio()[0], 1e-15);
    }

    [Fact]
    public void AddLogits_AnyLogits_IsAddOfTheirSoftmax() => Gen.Double[-30, 30].Array[3, 3].Array[1, 8].Sample(
        passes =>
        {
            ClassificationMoments logits = new(1, 3), probabilities = new(1, 3);
            foreach (double[] pass in passes)
            {
                double sum = pass.Sum(Math.Exp);
                logits.AddLogits<double>(pass);
                probabilities.Add<double>(Array.ConvertAll(pass, x => Math.Exp(x) / sum));
            }

            Assert.Equal(probabilities.GetMeanProbabilities()[1], logits.GetMeanProbabilities()[1], 1e-12);
            Assert.Equal(probabilities.GetExpectedEntropy()[0], logits.GetExpectedEntropy()[0], 1e-12);
            Assert.Equal(probabilities.GetMutualInformation()[0], logits.GetMutualInformation()[0], 1e-12);
            Assert.True(logits.GetMutualInformation()[0] >= 0);
        },
        iter: 200);

    [Fact]
    public void AddLogits_HugeLogits_StayFinite()
    {
        ClassificationMoments moments = new(1, 3);
        moments.AddLogits<double>([1e5, -1e5, double.NegativeInfinity]);

        Assert.Equal([1, 0, 0], moments.GetMeanProbabilities());
        Assert.Equal(0, moments.GetExpectedEntropy()[0]);
    }

    [Fact]
    public void Merge_TwoHalves_IsOneAccumulator()
    {
        ClassificationMoments whole = new(2, 2), left = new(2, 2), right = new(2, 2);
        double[] a = [0.3, 0.7, 0.9, 0.1], b = [0.6, 0.4, 0.2, 0.8];
        whole.Add<double>(a);
        whole.Add<double>(b);
        left.Add<double>(a);
        right.Add<double>(b);
        left.Merge(right);

        Assert.Equal(whole.GetMutualInformation(), left.GetMutualInformation());
        Assert.Equal(whole.GetVariationRatio(), left.GetVariationRatio());
        Assert.Equal(2, left.Passes);
    }

    [Fact]
    public void Moments_Misuse_SaysWhatMustBe()
    {
        ClassificationMoments moments = new(1, 2);
        Assert.Equal("Moments need at least one pass; none was added.", Assert.Throws<InvalidOperationException>(() => moments.GetMutualInformation()).Message);
        Assert.StartsWith(
            "Logits must be 1 rows of 2 classes, 2; received 3.",
            Assert.Throws<ArgumentException>(() => moments.AddLogits<double>([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The largest logit of a row must be finite; received NaN in row 0.",
            Assert.Throws<ArgumentException>(() => moments.AddLogits<float>([1, float.NaN])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "A probability must be in [0, 1]; received 3 in row 0.",
            Assert.Throws<ArgumentException>(() => moments.Add<float>([3, 2])).Message, StringComparison.Ordinal);
    }
}
