using System.Runtime.InteropServices;
using DropoutSharp.Uncertainty;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

public sealed partial class McDropout
{
    /// <summary>Mean and epistemic variance of a regression, without keeping the passes.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <returns>Moments of every number of the output, row-major.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Stream"/>.</exception>
    public RegressionMoments Regression(Tensor input, McDropoutOptions options)
    {
        RegressionMoments? moments = null;
        foreach (Tensor output in Stream(input, options))
        {
            using (output)
            {
                double[] values = Values(output);
                (moments ??= new RegressionMoments(values.Length)).Add<double>(values);
            }
        }

        return moments!;
    }

    /// <summary>Mean, epistemic and aleatoric variance of a regression with the same known noise everywhere, without keeping the passes.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <param name="precision">The noise precision τ of Gal and Ghahramani 2016, in one over the output's unit squared; positive and finite. The noise variance is 1/τ.</param>
    /// <returns>Moments of every number of the output, row-major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The precision is not positive and finite; or as for <see cref="Stream"/>.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Stream"/>.</exception>
    public RegressionMoments Regression(Tensor input, McDropoutOptions options, double precision) => precision > 0 && double.IsFinite(precision)
        ? Regression(input, options, output => (output, ones_like(output).Times(1 / precision)))
        : throw new ArgumentOutOfRangeException(
            nameof(precision), precision, FormattableString.Invariant($"The noise precision τ must be positive and finite; received {precision}."));

    /// <summary>Mean, epistemic and aleatoric variance of a regression that predicts its own noise, without keeping the passes.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <param name="split">Parts an output into mean and noise variance, of the same shape: for a head of mean and log-variance, the exponential of the second.</param>
    /// <returns>Moments of every number of the mean, row-major.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Stream"/>.</exception>
    public RegressionMoments Regression(Tensor input, McDropoutOptions options, Func<Tensor, (Tensor Mean, Tensor Variance)> split)
    {
        ArgumentNullException.ThrowIfNull(split);
        RegressionMoments? moments = null;
        foreach (Tensor output in Stream(input, options))
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using (output)
            {
                (Tensor mean, Tensor variance) = split(output);
                double[] means = Values(mean), variances = Values(variance);
                (moments ??= new RegressionMoments(means.Length)).Add<double>(means, variances);
            }
        }

        return moments!;
    }

    /// <summary>Mean probabilities and the entropies of a classifier, without keeping the passes.</summary>
    /// <param name="input">The rows, along the first dimension.</param>
    /// <param name="options">How many passes, and how they draw.</param>
    /// <param name="isLogits">Whether the model gives logits, of which the softmax is taken, and not probabilities.</param>
    /// <exception cref="ArgumentException">As for <see cref="Stream"/>; or the output is not rows × classes.</exception>
    public ClassificationMoments Classification(Tensor input, McDropoutOptions options, bool isLogits = true)
    {
        ClassificationMoments? moments = null;
        foreach (Tensor output in Stream(input, options))
        {
            using (output)
            {
                if (output.dim() != 2)
                {
                    throw new ArgumentException($"A classifier's output must be rows x classes; received the shape [{string.Join(", ", output.shape)}].");
                }

                moments ??= new ClassificationMoments(checked((int)output.size(0)), checked((int)output.size(1)));
                if (isLogits)
                {
                    moments.AddLogits<double>(Values(output));
                }
                else
                {
                    moments.Add<double>(Values(output));
                }
            }
        }

        return moments!;
    }

    private static double[] Values(Tensor tensor)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, double>(tensor.detach().to(ScalarType.Float64).cpu().contiguous().bytes).ToArray();
    }
}
