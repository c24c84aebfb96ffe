namespace DropoutSharp.Lab.Reports.Charts;

/// <summary>The shape of a point.</summary>
internal enum Marker
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle that points up.</summary>
    Triangle,

    /// <summary>A square on its corner.</summary>
    Diamond,
}
