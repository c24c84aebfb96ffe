namespace DropoutSharp.Lab.Data;

/// <summary>One number that is read off a date.</summary>
/// <param name="Part">Which: year, month, day, weekday, or the sine or cosine of the position in the year or in the day.</param>
/// <param name="Mean">What is subtracted.</param>
/// <param name="Scale">What it is divided by.</param>
public sealed record TimePart(TimePartKind Part, double Mean, double Scale);
