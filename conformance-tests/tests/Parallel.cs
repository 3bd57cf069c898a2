// Fixtures run beside each other, twice as many as the two processors of the gate: a test that waits for a process leaves its processor to others.
// A fixture that measures or changes the whole process is [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
