namespace DropoutSharp.Lab.Literature;

/// <summary>How the literature's table is run.</summary>
/// <param name="Recipe">Which recipe.</param>
/// <param name="Passes">Monte-Carlo passes a test row; at least 1.</param>
/// <param name="Seed">Decides weights, order of rows and masks.</param>
/// <param name="Splits">How many splits of each set; 0 for all.</param>
/// <param name="Threads">Stacks that are trained at the same time; the figures do not depend on it.</param>
/// <param name="Repeats">Networks a split whose scores are averaged, in the recipes with given rates; at least 1.</param>
public sealed record UciOptions(UciRecipe Recipe = UciRecipe.Paper, int Passes = 1000, ulong Seed = 0, int Splits = 0, int Threads = 2, int Repeats = 3);
