#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_artifact.hpp>
#include <clairgate/gate/policy_command.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/gate/policy_signature.hpp>

namespace clairgate::gate {

io::Task<Outcome> policy_push(PolicyCall call) {
    if (call.arguments.size() != 1)
        co_return Outcome::failed(
            Error(ErrorKind::usage, "policy push needs one REF")
                .with_remedy("clairgate policy push registry.example/org/policy:1"));
    auto reference = image::Reference::parse(call.arguments.front());
    if (!reference.has_value())
        co_return Outcome::failed(reference.error());
    auto files = read_policy_folder(call.config.policy.folder, true);
    if (!files.has_value())
        co_return Outcome::failed(files.error());
    auto mistakes = policy::mistakes_of_tree(*files);
    if (!mistakes.empty())
        co_return Outcome::failed(policy::all_mistakes(std::move(mistakes)));
    auto& world = call.runtime.world();
    auto const deadline = Deadline::after(world.clock, call.config.timeout);
    auto const& signing = call.config.signing;
    std::optional<Notary> notary;
    if (signing.key) { // a policy without its signature would be there, and judge nobody
        auto made = co_await Notary::make(world, signing, deadline);
        if (!made.has_value())
            co_return Outcome::failed(made.error().with_context("signing the policy"));
        notary = *std::move(made);
    }
    auto const repository = reference->repository();
    auto const pushed = co_await push_policy(
        world, call.config.registry, *std::move(files), *std::move(reference), deadline);
    if (!pushed.has_value())
        co_return Outcome::failed(pushed.error());
    if (notary) {
        auto const done = co_await sign_policy(
            world, call.config.registry, repository, *pushed, *notary, signing.storage, deadline);
        if (!done.has_value())
            co_return Outcome::failed(done.error().with_context("signing the policy"));
    }
    call.invocation.streams.out(cat("oci:", repository.text(), "@", pushed->digest.text(), "\n"));
    co_return Outcome::done();
}

} // namespace clairgate::gate
