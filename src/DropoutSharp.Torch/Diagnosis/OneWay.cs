namespace DropoutSharp.Torch;

/// <summary>One-way analysis of variance: how much of the variance lies within groups.</summary>
internal static class OneWay
{
    /// <summary>1 − the intraclass correlation of a balanced table, groups × repetitions; NaN where nothing varies.</summary>
    /// <remarks>
    /// The unbiased components: within = mean square within; between = (mean square between − within) / repetitions, cut off at 0.
    /// Shrout and Fleiss 1979, case 1.
    /// </remarks>
    public static double ShareWithin(double[,] table)
    {
        int groups = table.GetLength(0), repetitions = table.GetLength(1);
        var means = new double[groups];
        double grand = 0;
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < repetitions; i++)
            {
                means[group] += table[group, i] / repetitions;
            }

            grand += means[group] / groups;
        }

        double within = 0, between = 0;
        for (int group = 0; group < groups; group++)
        {
            between += (means[group] - grand) * (means[group] - grand) * repetitions;
            for (int i = 0; i < repetitions; i++)
            {
                within += (table[group, i] - means[group]) * (table[group, i] - means[group]);
            }
        }

        within /= groups * (repetitions - 1.0);
        between = Math.Max(0, ((between / (groups - 1.0)) - within) / repetitions);
        return within / (within + between);
    }
}
