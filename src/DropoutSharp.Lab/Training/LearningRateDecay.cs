namespace DropoutSharp.Lab.Training;

/// <summary>How the learning rate falls over a training, from its first step to its last.</summary>
public enum LearningRateDecay
{
    /// <summary>It stays as it is.</summary>
    Constant,

    /// <summary>In a straight line to 0.</summary>
    Linear,

    /// <summary>Along half a cosine to 0 (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,
}
