using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Steps of optimisers in one pass over the weights, with gradients of which only kept parts exist.</summary>
/// <remarks>
/// What an optimiser does to weights whose gradient is zero is done to those that were not kept too, so that a step equals the one with the whole gradient: momentum goes on, moments fade. Only gradient descent
/// with neither momentum nor weight decay leaves them alone, and then they are not touched. A row of the gradient is put together in the first cache at a time; the whole one never exists.
/// </remarks>
public static unsafe class GradientSteps
{
    /// <summary>Gradient descent.</summary>
    /// <typeparam name="T">The element type: float or double.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="weights">The weights, row after row.</param>
    /// <param name="momentum">The momentum's buffer, of the weights' size; not used where the step has none.</param>
    /// <param name="step">The step.</param>
    public static void Sgd<T>(KeptGradient<T> gradient, T* weights, T* momentum, SgdStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (step.Momentum == 0 && step.WeightDecay == 0)
        {
            gradient.AddTo(weights, T.CreateTruncating(-step.LearningRate));
            return;
        }

        Run(gradient, weights, momentum, null, new SgdRule<T>(step));
    }

    /// <summary>Adam or AdamW.</summary>
    /// <typeparam name="T">The element type: float or double.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="weights">The weights, row after row.</param>
    /// <param name="first">The first moments, of the weights' size.</param>
    /// <param name="second">The second moments, of the weights' size.</param>
    /// <param name="step">The step.</param>
    public static void Adam<T>(KeptGradient<T> gradient, T* weights, T* first, T* second, AdamStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        Run(gradient, weights, first, second, new AdamRule<T>(step));
    }

    private static void Run<T, TRule>(KeptGradient<T> gradient, T* weights, T* first, T* second, TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IStepRule<T> =>
        Submatrix.Spread(gradient.Rows, (long)gradient.Rows * gradient.Width, new Work<T, TRule>(gradient, weights, first, second, rule));

    private readonly struct Work<T, TRule>(KeptGradient<T> gradient, T* weights, T* first, T* second, TRule rule) : IRangeWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IStepRule<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long start, long end)
        {
            int width = gradient.Width;
            T[] room = ArrayPool<T>.Shared.Rent(width);
            fixed (T* buffer = room)
            {
                bool isZero = false;
                for (long row = start; row < end; row++)
                {
                    T* g = gradient.Row(row, buffer, ref isZero);
                    T* w = weights + (row * width), m = first is null ? w : first + (row * width), v = second is null ? w : second + (row * width);
                    int i = 0;
                    for (; i <= width - Vector<T>.Count; i += Vector<T>.Count)
                    {
                        rule.Apply(Vector.Load(g + i), w + i, m + i, v + i);
                    }

                    for (; i < width; i++)
                    {
                        rule.Apply(g[i], w + i, m + i, v + i);
                    }
                }
            }

            ArrayPool<T>.Shared.Return(room);
        }
    }
}
