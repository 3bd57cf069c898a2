using Conformance.Suite.Protocol;
using Sample;

// No test project is needed. Run: conformance check --command "dotnet bin/Debug/net10.0/Sample.dll"
ProtocolServer.Run(new LinearSubject());
