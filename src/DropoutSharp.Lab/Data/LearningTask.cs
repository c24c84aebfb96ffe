namespace DropoutSharp.Lab.Data;

/// <summary>What is to be learned from the target column.</summary>
public enum LearningTask
{
    /// <summary>One of two or more classes.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
