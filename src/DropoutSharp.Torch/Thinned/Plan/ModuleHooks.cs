using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Whether somebody listens to a module's calls.</summary>
/// <remarks>TorchSharp keeps hooks in protected fields of a base class, so they are read by reflection.</remarks>
internal static class ModuleHooks
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();

    /// <summary>Whether a module has a hook before or after its forward pass.</summary>
    public static bool Has(nn.Module module)
    {
        foreach (FieldInfo field in Fields.GetOrAdd(module.GetType(), static type => Find(type)))
        {
            if (field.GetValue(module) is ICollection { Count: > 0 })
            {
                return true;
            }
        }

        return false;
    }

    private static FieldInfo[] Find(Type type)
    {
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(nn.HookableModule<,>))
            {
                return
                [
                    .. current.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        .Where(static field => field.Name.EndsWith("hooks", StringComparison.Ordinal)),
                ];
            }
        }

        return [];
    }
}
