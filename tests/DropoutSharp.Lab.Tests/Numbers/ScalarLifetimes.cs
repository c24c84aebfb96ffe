using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DropoutSharp.Lab.Tests.Numbers;

/// <summary>Reads compiled code for numbers that become native ones (TorchSharp's Scalar) and that nothing holds while libtorch reads them.</summary>
/// <remarks>
/// A conversion is held where its result goes into a field, or where the method disposes of as many as it makes. A method of TorchSharp that makes one without
/// holding it, or calls such a method, hands the danger to whoever calls it. Its optimisers do so inside, where nobody can help it: they are left out.
/// </remarks>
internal sealed class ScalarLifetimes
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => (ushort)code.Value);

    private readonly HashSet<string> _dangerous;

    public ScalarLifetimes(string torchSharp)
    {
        Dictionary<string, Method> methods = Read(torchSharp);
        _dangerous = [.. methods.Where(method => method.Value.Loose > 0 && !method.Key.StartsWith("Scalar", StringComparison.Ordinal)).Select(method => method.Key)];
        _dangerous.RemoveWhere(IsOptimizer);
        bool isGrowing = true;
        while (isGrowing)
        {
            string[] callers = [.. methods.Where(method => !IsOptimizer(method.Key) && method.Value.Calls.Exists(_dangerous.Contains)).Select(static method => method.Key)];
            int known = _dangerous.Count;
            _dangerous.UnionWith(callers);
            isGrowing = _dangerous.Count > known;
        }
    }

    /// <summary>Methods of TorchSharp whose callers cannot hold the number.</summary>
    public IReadOnlySet<string> Dangerous => _dangerous;

    /// <summary>Methods of an assembly that leave a number to the collector, or call what does.</summary>
    public IEnumerable<string> LooseIn(string assembly) => Read(assembly)
        .Where(method => method.Value.Loose > 0 || method.Value.Calls.Exists(_dangerous.Contains))
        .Select(method => $"{method.Key} by {string.Join(", ", method.Value.Calls.Where(_dangerous.Contains).Distinct().DefaultIfEmpty("a conversion of its own"))}");

    private static bool IsOptimizer(string method) => method.EndsWith("::step(Func`1<torch.Tensor>)", StringComparison.Ordinal);

    private static Dictionary<string, Method> Read(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        Names names = new(reader);
        Dictionary<string, Method> methods = [];
        foreach (MethodDefinitionHandle handle in reader.MethodDefinitions)
        {
            int address = reader.GetMethodDefinition(handle).RelativeVirtualAddress;
            if (address != 0)
            {
                methods[names.Of(handle)!] = Read(file.GetMethodBody(address).GetILReader(), names); // a definition has a name
            }
        }

        return methods;
    }

    private static Method Read(BlobReader code, Names names)
    {
        int made = 0, disposed = 0, kept = 0;
        List<string> calls = [];
        bool isFresh = false;
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            OpCode operation = Codes[value == 0xFE ? (ushort)(0xFE00 | code.ReadByte()) : value];
            int operand = Operand(ref code, operation.OperandType);
            if (isFresh && (operation == OpCodes.Stfld || operation == OpCodes.Stsfld))
            {
                kept++;
            }

            isFresh = false;
            if (operation.OperandType != OperandType.InlineMethod || names.Of(MetadataTokens.EntityHandle(operand)) is not { } called)
            {
                continue;
            }

            if (called.StartsWith("Scalar::op_Implicit", StringComparison.Ordinal) || called.Contains("Scalar(", StringComparison.Ordinal) && called.Contains("::To", StringComparison.Ordinal))
            {
                (made, isFresh) = (made + 1, true);
            }
            else if (called is "IDisposable::Dispose()" or "Scalar::Dispose()")
            {
                disposed++;
            }
            else
            {
                calls.Add(called);
            }
        }

        return new Method(made - kept - disposed, calls);
    }

    private static int Operand(ref BlobReader code, OperandType type)
    {
        switch (type)
        {
            case OperandType.InlineNone:
                return 0;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                return code.ReadByte();
            case OperandType.InlineVar:
                return code.ReadInt16();
            case OperandType.InlineI8 or OperandType.InlineR:
                return (int)code.ReadInt64();
            case OperandType.InlineSwitch:
                int targets = code.ReadInt32();
                code.Offset += targets * sizeof(int);
                return targets;
            default:
                return code.ReadInt32();
        }
    }

    private sealed record Method(int Loose, List<string> Calls);

    private sealed class Names(MetadataReader reader) : ISignatureTypeProvider<string, object?>
    {
        /// <summary>"Type::Method(Parameter,…)"; null for what is no method.</summary>
        public string? Of(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.MethodSpecification:
                    return Of(reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
                case HandleKind.MemberReference:
                    MemberReference member = reader.GetMemberReference((MemberReferenceHandle)handle);
                    return member.GetKind() == MemberReferenceKind.Method ? Text(Type(member.Parent), member.Name, member.DecodeMethodSignature(this, null)) : null;
                case HandleKind.MethodDefinition:
                    MethodDefinition method = reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                    return Text(Type(method.GetDeclaringType()), method.Name, method.DecodeSignature(this, null));
                default:
                    return null;
            }
        }

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Type(handle);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Type(handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        private string Text(string type, StringHandle name, MethodSignature<string> signature) => $"{type}::{reader.GetString(name)}({string.Join(',', signature.ParameterTypes)})";

        private string Type(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    TypeDefinition definition = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                    return (definition.GetDeclaringType().IsNil ? string.Empty : Type(definition.GetDeclaringType()) + ".") + reader.GetString(definition.Name);
                case HandleKind.TypeReference:
                    TypeReference reference = reader.GetTypeReference((TypeReferenceHandle)handle);
                    return (reference.ResolutionScope.Kind == HandleKind.TypeReference ? Type(reference.ResolutionScope) + "." : string.Empty) + reader.GetString(reference.Name);
                case HandleKind.TypeSpecification:
                    return GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)handle, 0);
                default:
                    return handle.Kind.ToString();
            }
        }
    }
}
