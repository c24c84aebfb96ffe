using Xunit.Sdk;
using Xunit.v3;

// torch.manual_seed, torch.set_num_threads and the counters of live tensors belong to the whole process.
[assembly: Parallelization(Mode = ParallelMode.None)]
