using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>
/// Listens to the modules of a model while it runs: which are called, in which order, and what goes into them and comes out.
/// </summary>
internal sealed class ForwardRecorder : IDisposable
{
    private readonly List<Action> _removers = [];
    private readonly List<Call> _calls = [];

    public ForwardRecorder(nn.Module model)
    {
        foreach ((string path, nn.Module module, _) in ModulePaths.Of(model))
        {
            if (module is nn.Module<Tensor, Tensor> tensorModule)
            {
                Listen(path, tensorModule);
            }
        }
    }

    /// <summary>The calls of the last run, in the order in which they ended: a module after those that it calls.</summary>
    public IReadOnlyList<Call> Calls => _calls;

    public Tensor Run(nn.Module<Tensor, Tensor> model, Tensor inputs)
    {
        Forget();
        return model.call(inputs);
    }

    public void Dispose()
    {
        foreach (Action remove in _removers)
        {
            remove();
        }

        Forget();
    }

    private void Listen(string path, nn.Module<Tensor, Tensor> module)
    {
        var hook = module.register_forward_hook((_, input, output) =>
        {
            // Copies: what follows may work in place.
            _calls.Add(new Call(path, module, input.detach().clone().DetachFromDisposeScope(), output.detach().clone().DetachFromDisposeScope()));
            return output.alias();
        });
        _removers.Add(hook.remove);
    }

    private void Forget()
    {
        foreach (Call call in _calls)
        {
            call.Input.Dispose();
            call.Output.Dispose();
        }

        _calls.Clear();
    }

    /// <summary>One call of a module.</summary>
    public sealed record Call(string Path, nn.Module<Tensor, Tensor> Module, Tensor Input, Tensor Output)
    {
        /// <summary>Whether nothing lies between the two but a change of shape: they hold the same values in the same order.</summary>
        public static bool SameValues(Tensor first, Tensor second) =>
            first.numel() == second.numel() && first.dtype == second.dtype && Same(first.flatten(), second.flatten());

        private static bool Same(Tensor first, Tensor second)
        {
            using (first)
            using (second)
            using (Tensor different = first.ne(second).any())
            {
                return !different.item<bool>();
            }
        }
    }
}
