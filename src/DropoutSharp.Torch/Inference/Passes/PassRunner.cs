using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Computes groups of Monte-Carlo passes by a plan.</summary>
internal sealed class PassRunner : IDisposable
{
    private readonly PassNode _root;
    private readonly PassDraws _draws;
    private readonly McPlan _plan;
    private readonly Tensor _input;
    private readonly long _firstRow;
    private readonly bool _keepsOnce;
    private readonly Action<int, long>? _seed;
    private readonly OnceValues?[] _once;

    /// <summary>A runner over some rows.</summary>
    /// <param name="root">The model.</param>
    /// <param name="draws">What its sites draw.</param>
    /// <param name="plan">How.</param>
    /// <param name="input">The rows.</param>
    /// <param name="firstRow">The index of the first, in the whole data.</param>
    /// <param name="keepsOnce">Whether what is the same in all passes is kept for all rows until the end.</param>
    /// <param name="seed">Seeds torch's generator for a pass and a row; null where nothing draws from it.</param>
    public PassRunner(PassNode root, PassDraws draws, McPlan plan, Tensor input, long firstRow, bool keepsOnce, Action<int, long>? seed)
    {
        (_root, _draws, _plan, _input, _firstRow, _keepsOnce, _seed) = (root, draws, plan, input, firstRow, keepsOnce, seed);
        _once = new OnceValues?[(input.size(0) + plan.RowsAtOnce - 1) / plan.RowsAtOnce];
    }

    /// <summary>The outputs of passes, which the caller owns.</summary>
    public Tensor[] Run(int[] passes)
    {
        Tensor[][] parts = [.. passes.Select(_ => new Tensor[_once.Length])];
        UnitTrace?[] traces = new UnitTrace?[passes.Length];
        try
        {
            for (int batch = 0; batch < _once.Length; batch++)
            {
                _once[batch] ??= new OnceValues();
                using TorchSharp.DisposeScope scope = NewDisposeScope();
                long first = (long)batch * _plan.RowsAtOnce, count = Math.Min(_plan.RowsAtOnce, _input.size(0) - first);
                Tensor rows = count == _input.size(0) ? _input.alias() : _input.narrow(0, first, count);
                Run(passes, rows, first, batch, parts, traces);
                if (!_keepsOnce)
                {
                    _once[batch]!.Dispose(); // made above
                    _once[batch] = null;
                }
            }

            return [.. parts.Select(Join)];
        }
        finally
        {
            foreach (UnitTrace? trace in traces)
            {
                Forget(trace);
            }

            _draws.Forget();
        }
    }

    public void Dispose()
    {
        foreach (OnceValues? values in _once)
        {
            values?.Dispose();
        }
    }

    private void Run(int[] passes, Tensor rows, long first, int batch, Tensor[][] parts, UnitTrace?[] traces)
    {
        if (_plan.Execution == McExecution.Thinned)
        {
            bool isLast = batch == _once.Length - 1;
            Parallel(passes.Length, index =>
            {
                parts[index][batch] = Thinned(ref traces[index], passes[index], rows, first, batch);
                if (isLast)
                {
                    Forget(traces[index]); // the next pass's weights find this one's memory in the caches
                    traces[index] = null;
                }
            });
            return;
        }

        int[][] stacks = [.. passes.Chunk(_plan.PassesAtOnce)];
        Parallel(stacks.Length, stack =>
        {
            PassFrame frame = Frame(stacks[stack], first, batch);
            if (_seed is not null)
            {
                _seed(stacks[stack][0], _firstRow + first);
            }

            PassValue value = _root.Run(new(rows, true), frame);
            for (int index = 0; index < frame.Count; index++)
            {
                Tensor output = value.Of(index, frame);
                parts[(stack * _plan.PassesAtOnce) + index][batch] = (value.IsShared || frame.Count > 1 ? output.clone() : output.alias()).DetachFromDisposeScope();
            }
        });
    }

    private Tensor Thinned(ref UnitTrace? trace, int pass, Tensor rows, long first, int batch)
    {
        PassFrame frame = Frame([pass], first, batch);
        if (trace is not null)
        {
            return UnitOperation.RunAll(trace.Operations, rows, frame).DetachFromDisposeScope();
        }

        trace = new UnitTrace(rows, true, frame);
        _root.Trace(trace, static (_, _) => null);
        trace.ToFull();
        Tensor output = trace.Data.alias().DetachFromDisposeScope();
        return output;
    }

    private static void Forget(UnitTrace? trace)
    {
        foreach (UnitOperation operation in trace?.Operations ?? [])
        {
            operation.Dispose();
        }
    }

    private PassFrame Frame(int[] passes, long first, int batch) => new(_draws, passes, _firstRow + first, _once[batch]!); // made by Run

    private void Parallel(int count, Action<int> work)
    {
        int workers = Math.Min(_plan.Workers, count);
        if (workers <= 1)
        {
            for (int index = 0; index < count; index++)
            {
                using TorchSharp.DisposeScope scope = NewDisposeScope();
                work(index);
            }

            return;
        }

        PassWorkers.Run(workers, count, work);
    }

    private static Tensor Join(Tensor[] parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        Tensor joined = cat(parts, 0).DetachFromDisposeScope();
        Array.ForEach(parts, static part => part.Dispose());
        return joined;
    }
}
