#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_artifact.hpp>
#include <clairgate/gate/policy_limits.hpp>
#include <clairgate/registry/artifact.hpp>

namespace clairgate::gate {

namespace {

registry::ArtifactKind policy_kind() {
    return {"application/vnd.clairgate.policy.v1", "application/vnd.clairgate.policy.file.v1+toml"};
}

registry::ArtifactLimits policy_bounds() {
    return {policy_limits::files, limits::policy_file_bytes, policy_limits::total_bytes};
}

} // namespace

io::Task<Result<std::vector<policy::SourceFile>>> policy_of_artifact(io::World& world,
                                                                     registry::Options options,
                                                                     image::Reference reference,
                                                                     Deadline deadline) {
    auto const kind = policy_kind();
    auto const bounds = policy_bounds();
    auto pulled = co_await registry::pull_artifact(
        world, std::move(options), reference, kind, bounds, deadline);
    if (!pulled.has_value())
        co_return pulled.error().with_context("policy");
    auto const source = cat("oci:", reference.text());
    std::vector<policy::SourceFile> files;
    for (auto& blob : *pulled) {
        if (!blob.title.ends_with(".toml"))
            co_return Error(ErrorKind::protocol,
                            cat("policy artifact ",
                                reference.text(),
                                " holds ",
                                blob.title,
                                ", which is no policy file"));
        files.push_back({std::move(blob.title), std::move(blob.bytes), source});
    }
    co_return files;
}

io::Task<Result<PushedPolicy>> push_policy(io::World& world,
                                           registry::Options options,
                                           std::vector<policy::SourceFile> files,
                                           image::Reference reference,
                                           Deadline deadline) {
    std::vector<registry::NamedBlob> blobs;
    for (auto& file : files) {
        if (!file.path.ends_with(".toml"))
            co_return Error(ErrorKind::usage, cat(file.path, " is no policy file"));
        blobs.push_back({std::move(file.path), std::move(file.bytes)});
    }
    auto const kind = policy_kind();
    auto const bounds = policy_bounds();
    auto const size_bytes = registry::artifact_manifest(kind, blobs).size();
    CO_TRY(auto const digest,
           co_await registry::push_artifact(world,
                                            std::move(options),
                                            std::move(reference),
                                            kind,
                                            std::move(blobs),
                                            bounds,
                                            deadline));
    co_return PushedPolicy{digest, size_bytes};
}

} // namespace clairgate::gate
