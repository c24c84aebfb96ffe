using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What the parts of the contract suite share. Each test runs in a scope that disposes its tensors.</summary>
public abstract class ContractTests : IDisposable
{
    protected const ulong Seed = 20140101;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly List<nn.Module> _modules = [];

    protected ContractTests() => manual_seed(7);

    /// <summary>The four element types, and the distance of 1 to the next larger number.</summary>
    public static IEnumerable<(ScalarType Type, double Epsilon)> Types =>
        [(ScalarType.Float64, Math.Pow(2, -52)), (ScalarType.Float32, Math.Pow(2, -23)), (ScalarType.Float16, Math.Pow(2, -10)), (ScalarType.BFloat16, Math.Pow(2, -7))];

    public void Dispose()
    {
        _modules.ForEach(module => module.Dispose());
        _scope.Dispose();
        NoiseFunction.t_usePublicInterface = false;
        TensorMemory.t_treatAsOtherDevice = false;
        GC.SuppressFinalize(this);
    }

    protected DropoutModule Create(ModuleCase of, double dropRate = 0.5, ulong? seed = Seed, bool inplace = false) =>
        Own(of.Create(dropRate, seed, inplace));

    /// <summary>Disposes a module after the test.</summary>
    protected T Own<T>(T module)
        where T : nn.Module
    {
        _modules.Add(module);
        return module;
    }

    /// <summary>The latest mask, brought to a shape.</summary>
    protected static Tensor MaskFor(DropoutModule module, Tensor like) => module.CurrentMask!.expand(like.shape);

    /// <summary>What the module multiplies kept elements with.</summary>
    protected static double KeptScale(DropoutModule module, ElementLaw law) => law switch
    {
        ElementLaw.Affine => new AlphaAffine(module.DropRate).Scale,
        ElementLaw.Fill => 1,
        _ => module is MaskedModule { Scaling: not Scaling.Inverted } ? 1 : module.DropRate.InvertedScale,
    };

    protected static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        if (!SameBits(expected, actual))
        {
            Assert.Fail($"expected {expected.jlstr()}\nreceived {actual.jlstr()}");
        }
    }

    /// <summary>Whether all elements are equal, NaN to NaN, and −0 not to +0.</summary>
    protected static bool SameBits(Tensor a, Tensor b)
    {
        using Tensor x = a.contiguous(), y = b.contiguous();
        return x.bytes.SequenceEqual(y.bytes);
    }

    /// <summary>The memory that a tensor shows.</summary>
    protected static nint Address(Tensor tensor) => TensorMemory.Address(tensor);
}
