using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

public sealed class NoiseNodeTests
{
    [Fact]
    public void Backward_SeveralThreadsWhileGarbageIsCollected_GivesEachItsOwnMask()
    {
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(k => new Thread(() =>
        {
            using Dropout first = new(0.5, seed: (ulong)k), second = new(0.5, seed: (ulong)k, site: 1);
            using Tensor input = ones(8, 8).requires_grad_(true);
            for (int step = 0; step < 300; step++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor output = second.call(first.call(input));
                if (step % 25 == 0)
                {
                    GC.Collect(); // between forward and backward, when only libtorch holds the node
                    GC.WaitForPendingFinalizers();
                }

                output.sum().backward();
                Interlocked.Add(ref wrong, input.grad!.equal(output.detach()).all().item<bool>() ? 0 : 1);
                input.grad!.zero_();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
    }
}
