using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A few sub-networks that predict together, without dropout: a Monte-Carlo mean that was made small.</summary>
/// <remarks>
/// A classifier's members give logits, and the ensemble the logarithm of the mean of their probabilities, which is a logit as well; any other ensemble gives the mean of its members. Their
/// disagreement is what the model does not know, as that of Monte-Carlo passes is.
/// </remarks>
public sealed class SubNetworkEnsemble : nn.Module<Tensor, Tensor>
{
    private const string MembersName = "members";
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _members;

    /// <summary>An ensemble.</summary>
    /// <param name="members">The sub-networks, at least one; the ensemble owns them, as its child <c>members</c>.</param>
    /// <param name="isClassifier">Whether members give logits of classes.</param>
    /// <exception cref="ArgumentException">There are no members.</exception>
    public SubNetworkEnsemble(IEnumerable<nn.Module<Tensor, Tensor>> members, bool isClassifier)
        : base(nameof(SubNetworkEnsemble))
    {
        ArgumentNullException.ThrowIfNull(members);
        _members = new ModuleList<nn.Module<Tensor, Tensor>>([.. members]);
        if (_members.Count == 0)
        {
            throw new ArgumentException("An ensemble must have at least one member; received none.", nameof(members));
        }

        IsClassifier = isClassifier;
        register_module(MembersName, _members);
        eval();
    }

    /// <summary>The sub-networks.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Members => [.. _members];

    /// <summary>Whether members give logits of classes.</summary>
    public bool IsClassifier { get; }

    /// <summary>What the members say together.</summary>
    /// <param name="input">Rows, as each member takes them.</param>
    /// <returns>Log-probabilities of a classifier, rows × classes; otherwise the mean, in the members' shape.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using DisposeScope scope = NewDisposeScope();
        Tensor outputs = stack([.. _members.Select(member => member.call(input))], 0);
        return (IsClassifier ? outputs.log_softmax(-1).logsumexp(0).Plus(-Math.Log(_members.Count)) : outputs.mean([0])).MoveToOuterDisposeScope();
    }
}
