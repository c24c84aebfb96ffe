using System.Numerics;

namespace DropoutSharp.Tests;

/// <summary>Steps with gradients of kept parts, beside the same steps with the whole gradient, weight by weight as the papers define them.</summary>
public sealed unsafe class GradientStepsTests
{
    private const int Steps = 3;

    public static TheoryData<SgdStep> SgdSteps =>
    [
        new SgdStep(0.1), new SgdStep(0.1, Momentum: 0.9), new SgdStep(0.1, Momentum: 0.9, Dampening: 0.3, WeightDecay: 0.01), new SgdStep(0.1, Momentum: 0.9, IsNesterov: true), new SgdStep(0.1, WeightDecay: 0.1),
        new SgdStep(-0.1, Momentum: 0.5),
    ];

    [Theory]
    [MemberData(nameof(SgdSteps))]
    public void Sgd_KeptParts_StepsAsWholeGradient(SgdStep step)
    {
        foreach ((int rows, int columns, int run) in Sizes)
        {
            AssertSgd<double>(step, rows, columns, run, 1e-14);
            AssertSgd<float>(step, rows, columns, run, 1e-5);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Adam_KeptParts_StepsAsWholeGradient(double weightDecay, bool isDecoupled)
    {
        foreach ((int rows, int columns, int run) in Sizes)
        {
            AssertAdam<double>(weightDecay, isDecoupled, rows, columns, run, 1e-13);
            AssertAdam<float>(weightDecay, isDecoupled, rows, columns, run, 1e-4);
        }
    }

    [Fact]
    public void Sgd_WithoutMomentum_LeavesWhatIsNotKeptUntouched()
    {
        float[] weights = [1, float.NaN, 3, float.NegativeInfinity], values = [1, 2];
        fixed (float* w = weights, v = values)
        {
            KeptGradient<float> gradient = new(2, 2);
            gradient.Add(new Submatrix(2, 2, 1, null, [0]), v, 1);
            GradientSteps.Sgd(gradient, w, null, new SgdStep(0.5));
        }

        Assert.Equal([0.5f, float.NaN, 2f, float.NegativeInfinity], weights);
    }

    [Fact]
    public void Add_PartOfAnotherMatrix_IsRefused() => Assert.Contains(
        "2 × 3", Assert.Throws<ArgumentException>(() => new KeptGradient<float>(2, 3).Add(new Submatrix(3, 2, 1, null, null), null, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_OtherElements_AreRefused() => Assert.Contains("received Half", Assert.Throws<ArgumentException>(() => new KeptGradient<Half>(1, 1)).Message, StringComparison.Ordinal);

    private static IEnumerable<(int Rows, int Columns, int Run)> Sizes => [(1, 1, 1), (5, 7, 3), (9, 40, 1), (300, 520, 1)]; // the last is enough for several threads

    private static void AssertSgd<T>(SgdStep step, int rows, int columns, int run, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[]? buffer = null;
        AssertSteps<T>(rows, columns, run, tolerance, (gradient, w, m, v, time) => GradientSteps.Sgd(gradient, w, m, step with { IsFirst = time == 1 }), (g, w, time) =>
        {
            double[] change = [.. g.Zip(w, (gradient, weight) => gradient + (step.WeightDecay * weight))];
            buffer = step.Momentum == 0 ? change : time == 1 ? [.. change] : [.. buffer!.Zip(change, (old, now) => (step.Momentum * old) + ((1 - step.Dampening) * now))];
            for (int i = 0; i < w.Length; i++)
            {
                w[i] -= step.LearningRate * (step.IsNesterov ? change[i] + (step.Momentum * buffer[i]) : buffer[i]);
            }
        });
    }

    private static void AssertAdam<T>(double weightDecay, bool isDecoupled, int rows, int columns, int run, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Rate = 0.01, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-3;
        double[] first = new double[rows * columns * run], second = new double[first.Length];
        AssertSteps<T>(rows, columns, run, tolerance,
            (gradient, w, m, v, time) => GradientSteps.Adam(gradient, w, m, v, new AdamStep(Rate, Beta1, Beta2, Epsilon, weightDecay, isDecoupled, time)),
            (g, w, time) =>
            {
                for (int i = 0; i < w.Length; i++)
                {
                    double change = g[i] + (isDecoupled ? 0 : weightDecay * w[i]);
                    first[i] = (Beta1 * first[i]) + ((1 - Beta1) * change);
                    second[i] = (Beta2 * second[i]) + ((1 - Beta2) * change * change);
                    w[i] -= isDecoupled ? Rate * weightDecay * w[i] : 0;
                    w[i] -= Rate * (first[i] / (1 - Math.Pow(Beta1, time))) / (Math.Sqrt(second[i] / (1 - Math.Pow(Beta2, time))) + Epsilon);
                }
            });
    }

    private delegate void Kernel<T>(KeptGradient<T> gradient, T* weights, T* first, T* second, int time)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private static void AssertSteps<T>(int rows, int columns, int run, double tolerance, Kernel<T> step, Action<double[], double[], int> definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(rows);
        int size = rows * columns * run;
        T[] weights = Numbers<T>(random, size), first = new T[size], second = new T[size];
        double[] expected = Array.ConvertAll(weights, double.CreateTruncating);
        for (int time = 1; time <= Steps; time++)
        {
            // None, one or several parts, and in the last step a whole gradient too.
            Submatrix[] parts = [.. Enumerable.Range(0, time % 3).Select(_ => new Submatrix(rows, columns, run, Some(random, rows), random.Next(3) == 0 ? null : Some(random, columns)))];
            T[] values = Numbers<T>(random, (int)parts.Sum(static part => part.Length) + 1), whole = Numbers<T>(random, size);
            double[] sum = time == Steps ? Array.ConvertAll(whole, double.CreateTruncating) : new double[size];
            KeptGradient<T> gradient = new(rows, columns * run);
            fixed (T* v = values, all = whole, w = weights, m = first, s = second)
            {
                T* from = v;
                foreach (Submatrix part in parts)
                {
                    gradient.Add(part, from, T.CreateTruncating(time));
                    foreach (int row in part.KeptRowIndices!)
                    {
                        foreach (int column in part.KeptColumnIndices ?? [.. Enumerable.Range(0, columns)])
                        {
                            for (int i = 0; i < run; i++)
                            {
                                sum[(((row * columns) + column) * run) + i] += time * double.CreateTruncating(*from++);
                            }
                        }
                    }
                }

                if (time == Steps)
                {
                    gradient.AddWhole(all);
                }

                step(gradient, w, m, s, time);
            }

            definition(sum, expected, time);
        }

        Assert.InRange(expected.Zip(weights, static (right, own) => Math.Abs(right - double.CreateTruncating(own)) / (1 + Math.Abs(right))).Max(), 0, tolerance);
    }

    private static T[] Numbers<T>(Random random, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];

    private static int[] Some(Random random, int count) => [.. Enumerable.Range(0, count).Where(_ => random.Next(2) == 0)];
}
