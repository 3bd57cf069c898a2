using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Conformance.Tests;

/// <summary>
/// Types and members as one line of text each: what a caller's source can depend on (declaring type, name, static or not, result, the parameters'
/// types, order, names and default values). Overrides are left out: the member they override is listed. Nullability is left out too.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    public static SortedSet<string> Describe(IEnumerable<Type> types) =>
        new(types.Where(IsVisible).SelectMany(Lines), StringComparer.Ordinal);

    private static bool IsVisible(Type type) => type.IsVisible && !typeof(Delegate).IsAssignableFrom(type);

    private static IEnumerable<string> Lines(Type type)
    {
        var owner = type.FullName!.Split('`')[0].Replace('+', '.') + Arguments(type);
        yield return $"{Kind(type)} {owner}";
        foreach (var member in type.GetMembers(Declared))
        {
            var line = member switch
            {
                ConstructorInfo { IsStatic: false } made when IsCallable(made) => $"{Access(made)}{type.Name.Split('`')[0]}({Parameters(made)})",
                MethodInfo method when IsCallable(method) && method.GetBaseDefinition() == method => Text(method),
                FieldInfo { IsLiteral: true, IsPublic: true } field => $"const {field.Name} = {Value(field.GetRawConstantValue())}",
                FieldInfo { IsSpecialName: false, IsPublic: true } field =>
                    $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
                _ => null,
            };
            if (line is not null)
                yield return $"{owner}: {line}";
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => $"enum({Name(type.GetEnumUnderlyingType())})",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        _ => "class",
    };

    /// <summary>What the compiler adds to a record (equality, copy, deconstruction) is left out: the record's own members say it.</summary>
    private static bool IsCallable(MethodBase method) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)
            || !method.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Text(MethodInfo method)
    {
        var kind = Access(method) + (method.IsStatic ? "static " : "");
        var accessor = method.IsSpecialName && method.Name.IndexOf('_', StringComparison.Ordinal) == 3 ? method.Name[..3] : null;
        return accessor switch
        {
            "get" => $"{kind}{Name(method.ReturnType)} {method.Name[4..]} {{ get; }}",
            "set" => $"{kind}{Name(method.GetParameters()[^1].ParameterType)} {method.Name[4..]} {{ set; }}",
            _ => $"{kind}{Name(method.ReturnType)} {method.Name}{Arguments(method)}({Parameters(method)})",
        };
    }

    private static string Arguments(Type type) => type.IsGenericTypeDefinition ? List(type.GetGenericArguments()) : "";

    private static string Arguments(MethodInfo method) => method.IsGenericMethod ? List(method.GetGenericArguments()) : "";

    private static string List(IEnumerable<Type> types) => $"<{string.Join(", ", types.Select(Name))}>";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue)}" : "")));

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum => $"{value.GetType().Name}.{value}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        if (type.IsGenericParameter || !type.IsGenericType)
            return type.Name;
        var arguments = type.GetGenericArguments().Select(Name);
        return type.Name.StartsWith("ValueTuple", StringComparison.Ordinal)
            ? $"({string.Join(", ", arguments)})"
            : $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";
    }
}
