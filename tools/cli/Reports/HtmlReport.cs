using Conformance.Cli.Comparing;
namespace Conformance.Cli.Reports;
internal static class HtmlReport { public static string Of(CompareResults results) => ""; }
