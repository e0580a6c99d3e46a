#include <clairgate/gate/policy_command.hpp>
#include <clairgate/policy/schema.hpp>

namespace clairgate::gate {

io::Task<Outcome> policy_schema(PolicyCall call) {
    if (!call.arguments.empty())
        co_return Outcome::failed(
            Error(ErrorKind::usage, "policy schema takes no argument")
                .with_remedy("clairgate policy schema > clairgate-policy.schema.json"));
    call.invocation.streams.out(policy::file_schema());
    co_return Outcome::done();
}

} // namespace clairgate::gate
