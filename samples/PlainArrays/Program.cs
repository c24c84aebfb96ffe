// Dropout on plain arrays: no TorchSharp, no native library, nothing but the core.
using DropoutSharp;

// A layer's activations, and the gradient that comes back to it.
float[] activations = [.. Enumerable.Range(0, 1_000).Select(static i => MathF.Cos(i))];
float[] gradient = [.. Enumerable.Repeat(1f, activations.Length)];

// One position in the mask stream: the run's key, the step, and which layer draws. It is all that has to be remembered.
var stream = new MaskStream(Key: 42, Step: 7, Site: 3);
DropRate dropRate = 0.2;

// Forward, and backward with the same mask: nothing was stored in between.
float[] output = new float[activations.Length];
DropoutPrimitives.Dropout<float>(activations, output, dropRate, stream);
DropoutPrimitives.Dropout<float>(gradient, gradient, dropRate, stream);

int kept = gradient.Count(static g => g != 0);
Console.WriteLine($"kept {kept} of {activations.Length}, each scaled by {dropRate.InvertedScale}");
Console.WriteLine($"the gradient passes exactly where the output does: {output.Zip(gradient).All(static pair => pair.First == 0 == (pair.Second == 0))}");

// Any part of a mask can be computed alone: here the second half, as another machine would that holds the second half of the batch.
float[] half = new float[500];
DropoutPrimitives.Dropout<float>(activations.AsSpan(500), half, dropRate, stream, firstElement: 500);
Console.WriteLine($"the second half alone is the same: {half.AsSpan().SequenceEqual(output.AsSpan(500))}");

// The mask itself, in whatever form is wanted.
byte[] bits = new byte[activations.Length / 8];
stream.FillKeptBits(bits, activations.Length, dropRate);
int[] indices = new int[activations.Length];
int count = stream.FillKeptIndices(indices, activations.Length, dropRate);
Console.WriteLine($"{count} kept indices, the first {string.Join(", ", indices[..8])}; the same as bits: {Convert.ToHexString(bits[..4])}");

// Gaussian dropout: noise of the same mean and variance instead of zeros.
DropoutPrimitives.GaussianDropout<float>(activations, output, dropRate, stream.Derive(1));
Console.WriteLine($"Gaussian dropout leaves {output.Count(static y => y != 0)} of {output.Length} elements other than 0");
