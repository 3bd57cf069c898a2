// Fixtures run beside each other, as many as there are processors. What measures or changes the whole process is [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]
