using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Everywhere that a module holds another one: as a registered child, in a field, or in a list that a field holds.</summary>
/// <remarks>
/// A model's code calls its fields while names and modes come from the registered children; both must be exchanged, or the model goes on with the old module. There is no public way into
/// TorchSharp's containers, so fields are read by reflection.
/// </remarks>
internal static class ModuleSlots
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Exchanges a child for another in one parent, everywhere or nowhere.</summary>
    /// <returns>Null where it was done, or why it cannot be.</returns>
    public static string? Exchange(nn.Module parent, nn.Module old, nn.Module replacement)
    {
        List<Action> writes = [];
        foreach (FieldInfo field in Fields(parent.GetType()))
        {
            string? refusal = Find(parent, field, old, replacement, writes);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        writes.ForEach(static write => write());
        return null;
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type? current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            foreach (FieldInfo field in current.GetFields(Declared))
            {
                if (!field.FieldType.IsPrimitive && field.FieldType != typeof(string))
                {
                    yield return field;
                }
            }
        }
    }

    private static string? Find(nn.Module parent, FieldInfo field, nn.Module old, nn.Module replacement, List<Action> writes)
    {
        object? value = field.GetValue(parent);
        if (ReferenceEquals(value, old))
        {
            if (!field.FieldType.IsInstanceOfType(replacement))
            {
                return $"the field {field.Name} of {parent.GetName()} is declared as {Name(field.FieldType)}; declare it as nn.Module<Tensor, Tensor>";
            }

            writes.Add(() => field.SetValue(parent, replacement));
            return null;
        }

        return value switch
        {
            OrderedDict<string, nn.Module> children => FindInChildren(children, old, replacement, writes),
            IDictionary dictionary => FindInDictionary(dictionary, old, replacement, writes, $"{parent.GetName()}.{field.Name}"),
            IList list when value is not nn.Module => FindInList(list, old, replacement, writes, $"{parent.GetName()}.{field.Name}"),
            _ => null,
        };
    }

    private static string? FindInChildren(OrderedDict<string, nn.Module> children, nn.Module old, nn.Module replacement, List<Action> writes)
    {
        foreach (string name in children.Keys)
        {
            if (ReferenceEquals(children[name], old))
            {
                writes.Add(() => children[name] = replacement);
            }
        }

        return null;
    }

    private static string? FindInDictionary(IDictionary dictionary, nn.Module old, nn.Module replacement, List<Action> writes, string where)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            if (ReferenceEquals(entry.Value, old))
            {
                Type? element = dictionary.GetType().GetGenericArguments().ElementAtOrDefault(1);
                if (element?.IsInstanceOfType(replacement) == false)
                {
                    return $"{where} holds {Name(element)}; declare it to hold nn.Module<Tensor, Tensor>";
                }

                writes.Add(() => dictionary[entry.Key] = replacement);
            }
        }

        return null;
    }

    private static string? FindInList(IList list, nn.Module old, nn.Module replacement, List<Action> writes, string where)
    {
        Type? element = list.GetType().IsArray ? list.GetType().GetElementType() : list.GetType().GetGenericArguments().FirstOrDefault();
        for (int i = 0; i < list.Count; i++)
        {
            int index = i;
            if (ReferenceEquals(list[i], old))
            {
                if (element?.IsInstanceOfType(replacement) == false)
                {
                    return $"{where} holds {Name(element)}; declare it to hold nn.Module<Tensor, Tensor>";
                }

                writes.Add(() => list[index] = replacement);
            }
            else if (list[i] is ITuple { Length: 2 } pair && ReferenceEquals(pair[1], old))
            {
                // A pair of name and module, as ModuleDict keeps them.
                if (element?.GetGenericArguments().ElementAtOrDefault(1)?.IsInstanceOfType(replacement) == false)
                {
                    return $"{where} holds {Name(element.GetGenericArguments()[1])}; declare it to hold nn.Module<Tensor, Tensor>";
                }

                object changed = Activator.CreateInstance(element!, pair[0], replacement)!; // a list of pairs has their type
                writes.Add(() => list[index] = changed);
            }
        }

        return null;
    }

    private static string Name(Type type) => type.FullName ?? type.Name;
}
