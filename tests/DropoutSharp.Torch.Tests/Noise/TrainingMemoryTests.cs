using System.Diagnostics;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

/// <summary>What training leaves behind, and what a graph keeps for the backward pass.</summary>
public sealed class TrainingMemoryTests : IDisposable
{
    public void Dispose() => NoiseFunction.t_usePublicInterface = false;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Training_TenThousandSteps_LeavesNoTensorAndNoMemory(bool publicInterface, bool scoped)
    {
        NoiseFunction.t_usePublicInterface = publicInterface;
        using Dropout dropout = new(0.5, seed: 1);
        using GaussianDropout noise = new(0.2, seed: 1, site: 1);
        using Tensor input = ones(64, 64).requires_grad_(true);
        Steps(500); // buffers and pools reach their size
        long tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount, managed = GC.GetTotalMemory(forceFullCollection: true);
        using Process process = Process.GetCurrentProcess();
        long resident = process.WorkingSet64;

        Steps(10_000);

        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 1 << 20);

        // One tensor of 16 KiB left a step would be 160 MiB. TorchSharp's own nodes leave their gradients to the collector.
        process.Refresh();
        Assert.InRange(process.WorkingSet64 - resident, long.MinValue, (publicInterface ? 128 : 48) << 20);

        void Steps(int count)
        {
            for (int step = 0; step < count; step++)
            {
                if (scoped)
                {
                    using DisposeScope scope = NewDisposeScope();
                    noise.forward(dropout.forward(input)).sum().backward();
                }
                else
                {
                    using Tensor hidden = dropout.forward(input), output = noise.forward(hidden), loss = output.sum();
                    loss.backward();
                }

                input.grad = null;
            }
        }
    }

    [Fact]
    public void Forward_ManyGraphsAlive_KeepNothingButTheirOutputs()
    {
        // 64 MiB each: above glibc's largest threshold (32 MiB), so that every tensor is a fresh mapping and none reuses resident memory.
        const int Elements = 1 << 24;
        SkipUnlessResidentMemoryIsMeasured();
        using Dropout dropout = new(0.5, seed: 1);
        using Tensor input = ones(Elements).requires_grad_(true);
        double ours = Share(() => dropout.forward(input), Elements);
        double libtorch = Share(() => nn.functional.dropout(input, 0.5, training: true), Elements);

        // A graph of ours is its output (1.0), and a page here and there; libtorch's has the mask too, a byte (1.25) or a float (2) an element.
        Assert.InRange(ours, 0.9, 1.05);
        Assert.InRange(libtorch, 1.15, 3);
    }

    [Fact]
    public void Attend_ManyGraphsAlive_KeepNothingOfTheWeightsSize()
    {
        // Weights of 38 MiB, above the same threshold; queries, keys, values and results of 50 KiB.
        const long Tokens = 3150;
        SkipUnlessResidentMemoryIsMeasured();
        using AttentionDropout attention = new(0.5, seed: 1);
        using Tensor input = randn(1, Tokens, 4).requires_grad_(true);
        double ours = Share(() => attention.Attend(input, input, input), Tokens * Tokens);
        NoiseFunction.t_usePublicInterface = true; // one operation after the other
        double apart = Share(() => attention.Attend(input, input, input), Tokens * Tokens);

        // The separate way keeps the weights, for the gradients of softmax, and the dropped ones, for the product's.
        Assert.InRange(ours, -0.05, 0.05);
        Assert.InRange(apart, 1.9, 4);
    }

    private static void SkipUnlessResidentMemoryIsMeasured() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Resident memory is measured on Linux.");

    /// <summary>How much a graph holds, as a share of so many float32 elements.</summary>
    private static double Share(Func<Tensor> forward, double elements)
    {
        const int Count = 6;
        using DisposeScope scope = NewDisposeScope();
        using Process process = Process.GetCurrentProcess();
        double[] shares = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            process.Refresh();
            long before = process.WorkingSet64;
            forward();
            process.Refresh();
            shares[i] = (process.WorkingSet64 - before) / (elements * sizeof(float));
        }

        // The median: what earlier tests left may be freed meanwhile.
        Array.Sort(shares);
        return (shares[(Count - 1) / 2] + shares[Count / 2]) / 2;
    }

    [Fact]
    public void Noise_OfActivations_HoldsNoTensor()
    {
        Type[] kinds = [typeof(MaskedNoise), typeof(BlockNoise), typeof(GaussianFactorNoise), typeof(GaussianAddedNoise)];
        Assert.All(kinds, kind => Assert.DoesNotContain(
            kind.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public), field => field.FieldType.IsAssignableTo(typeof(Tensor))));
    }

    [Fact]
    public void Backward_ThatFails_ReachesTheCallerAsAnException()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = ones(3).requires_grad_(true), output = NoiseFunction.Apply(new FailingNoise(), input);
        Assert.ThrowsAny<Exception>(() => output.sum().backward());

        // The process lives on, and so does training.
        using Dropout dropout = new(0);
        dropout.forward(input).sum().backward();
        Assert.Equal(3, input.grad!.sum().item<float>());
    }

    private sealed class FailingNoise : TensorNoise
    {
        public override TensorNoise Gradient => throw new InvalidOperationException("no gradient today");

        public override Tensor Apply(Tensor input) => input.clone();

        public override void ApplyInPlace(Tensor input)
        {
        }
    }
}
