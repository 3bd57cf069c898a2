using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Conformance.Tests.Floors;

/// <summary>Which source files of a project name which others, read from its compiled assembly: signatures, attributes and method bodies.</summary>
/// <remarks>Constants and <c>nameof</c> leave no trace in an assembly, and links in comments bind nothing: none of them counts.</remarks>
internal sealed partial class FileReferences
{
    private readonly Dictionary<string, HashSet<string>> _targets = [];

    /// <param name="project">The project's folder, relative to the repository.</param>
    /// <param name="assembly">What it is built to.</param>
    public FileReferences(string project, System.Reflection.Assembly assembly)
    {
        var files = Declarations(Path.Combine(Repository.Root, project));
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        foreach (var type in module.Types.Where(type => files.ContainsKey(type.FullName)))
        {
            string file = files[type.FullName];
            if (!_targets.TryGetValue(file, out var targets))
                _targets[file] = targets = [];
            foreach (var named in TypesNamedBy(type).Select(Outermost).Distinct())
            {
                if (files.TryGetValue(named, out string? target) && target != file)
                    targets.Add(target);
            }
        }
    }

    /// <summary>Each file by its path within the project, with those that it names.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Targets => _targets;

    /// <summary>The sets of files in which each names every other, directly or through others.</summary>
    public IEnumerable<string[]> Circles()
    {
        var reached = _targets.Keys.ToDictionary(file => file, Reach);
        return _targets.Keys
            .Select(file => reached[file].Where(other => reached[other].Contains(file)).Order(StringComparer.Ordinal).ToArray())
            .Where(circle => circle.Length > 0)
            .DistinctBy(circle => circle[0]);
    }

    /// <summary>All files that a file names, directly or through others; itself too, if there is a way back.</summary>
    private HashSet<string> Reach(string file)
    {
        var (reached, next) = (new HashSet<string>(), new Stack<string>([file]));
        while (next.TryPop(out string? from))
        {
            foreach (string target in _targets[from].Where(reached.Add))
                next.Push(target);
        }
        return reached;
    }

    /// <summary>The full name of each type that is no other's member, with its file.</summary>
    private static Dictionary<string, string> Declarations(string folder)
    {
        var files = new Dictionary<string, string>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(path);
            string space = Namespace().Match(text).Groups[1].Value;
            foreach (Match type in Declaration().Matches(text))
            {
                int parameters = type.Groups[2].Success ? type.Groups[2].Value.Split(',').Length : 0;
                files[$"{space}.{type.Groups[1].Value}{(parameters > 0 ? $"`{parameters}" : "")}"] = Path.GetRelativePath(folder, path).Replace(
                    '\\', '/');
            }
        }
        return files;
    }

    private static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.FullName;
    }

    private static IEnumerable<TypeReference> TypesNamedBy(TypeDefinition type) =>
        new[] { type.BaseType }
            .Concat(type.Interfaces.Select(one => one.InterfaceType))
            .Concat(type.CustomAttributes.Select(attribute => attribute.AttributeType))
            .Concat(type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType))
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Methods.SelectMany(TypesNamedBy))
            .Where(named => named is not null).SelectMany(Parts)
            .Concat(type.NestedTypes.SelectMany(TypesNamedBy));

    private static IEnumerable<TypeReference> TypesNamedBy(MethodDefinition method) =>
        new[] { method.ReturnType }
            .Concat(method.Parameters.Select(parameter => parameter.ParameterType))
            .Concat(method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType))
            .Concat(method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [])
            .Concat(method.HasBody ? method.Body.Instructions.SelectMany(instruction => TypesNamedBy(instruction.Operand)) : []);

    private static IEnumerable<TypeReference> TypesNamedBy(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType],
        _ => [],
    };

    /// <summary>A constructed type's own definition and its arguments, as deep as they go.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [], // the element of a pointer to a function

        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|unsafe|ref) )*"
            + @"(?:class|struct|interface|enum|record(?: class| struct)?|delegate [^\n(=]*?) (\w+)(?:<([^>]*)>)?",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
