namespace Conformance.Suite.Judging;

/// <summary>What an engine was asked before a question whose answer is another than elsewhere.</summary>
public enum Occasion
{
    /// <summary>The same as at the other time.</summary>
    Again,

    /// <summary>A question of the same sizes that was full of NaN.</summary>
    AfterNaN,

    /// <summary>A question of the same sizes that was full of one number.</summary>
    AfterNumbers,

    /// <summary>Other questions, in another order.</summary>
    Later,

    /// <summary>Nothing: the answer was given, and changed when the next question was asked.</summary>
    Overwritten,
}

/// <summary>The texts of occasions in reports.</summary>
internal static class Occasions
{
    /// <summary>The number with which <see cref="Occasion.AfterNumbers"/> fills a question.</summary>
    public const double Number = 1234.5;

    /// <summary>The event as text, before a colon.</summary>
    public static string Text(this Occasion occasion) => occasion switch
    {
        Occasion.AfterNaN => "after a question of the same sizes that was full of NaN the answer is another",
        Occasion.AfterNumbers => $"after a question of the same sizes that was full of {Number:0.0} the answer is another",
        Occasion.Later => "asked later, in another order, the answer is another",
        Occasion.Overwritten => "the answer changed when the next question was asked",
        _ => "the same question again got another answer",
    };
}
