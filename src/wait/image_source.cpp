#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/wait/image_source.hpp>

#include <algorithm>

namespace clairgate::wait {

namespace {

// What a poll learnt: the digest, or why there is none yet.
io::Task<Result<std::optional<image::Digest>>> poll_once(Surroundings& surroundings,
                                                         image::Reference reference,
                                                         Deadline deadline,
                                                         std::string& state) {
    auto const answer = co_await surroundings.registry.exists(reference, deadline);
    if (answer.has_value()) {
        if (!*answer)
            state = cat("the registry does not serve ", reference.text(), " yet");
        co_return *answer;
    }
    if (!io::retryable(answer.error().kind(), answer.error().http_status()))
        co_return answer.error();
    state = answer.error().text();
    surroundings.world.log.debug("registry does not answer", {{"reason", state}});
    co_return std::optional<image::Digest>();
}

// --image REF@DIGEST: there is nothing to wait for.
class PinnedImage final : public Source {
  public:
    PinnedImage(Surroundings& surroundings, image::Reference reference)
        : surroundings_(surroundings), reference_(std::move(reference)) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        (void)
            deadline; // whether it is served is for the registry room to find out, with its retries
        co_return Sighting{
            reference_.at(*reference_.digest()), "image", surroundings_.world.clock.now()};
    }
    io::Task<Result<std::optional<Sighting>>> now(Deadline) override {
        co_return std::optional<Sighting>();
    }
    std::string state() const override { return cat("--image ", reference_.text()); }

  private:
    Surroundings& surroundings_;
    image::Reference reference_;
};

// --image REF alone: until the registry serves the tag, then fixed to that digest.
class TaggedImage final : public Source {
  public:
    TaggedImage(Surroundings& surroundings, image::Reference reference)
        : surroundings_(surroundings), reference_(std::move(reference)) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        auto& world = surroundings_.world;
        for (;;) {
            if (deadline.passed(world.clock))
                co_return Error(ErrorKind::no_digest,
                                cat("--image ", reference_.text(), ": ", state_));
            CO_TRY(auto const digest,
                   co_await poll_once(surroundings_, reference_, deadline, state_));
            if (digest)
                co_return Sighting{reference_.at(*digest),
                                   cat("registry tag ", reference_.text()),
                                   world.clock.now()};
            surroundings_.progress(cat("for ", reference_.text(), " (", state_, ")"));
            auto const pause =
                std::min(surroundings_.options.poll_interval, deadline.remaining(world.clock));
            CO_TRY_VOID(co_await io::sleep_for(pause));
        }
    }
    // A tag may move on after it was sighted; the run is about the digest it had.
    io::Task<Result<std::optional<Sighting>>> now(Deadline) override {
        co_return std::optional<Sighting>();
    }
    std::string state() const override { return cat("--image ", reference_.text(), ": ", state_); }

  private:
    Surroundings& surroundings_;
    image::Reference reference_;
    std::string state_ = "not asked yet";
};

} // namespace

io::Task<Result<bool>> serves(Surroundings& surroundings,
                              image::Reference reference,
                              Deadline deadline,
                              std::string& state) {
    CO_TRY(auto const digest, co_await poll_once(surroundings, reference, deadline, state));
    if (!digest)
        state = cat(state, "; if it never does, the digest is not a manifest's (an image ID?)");
    co_return digest.has_value();
}

Result<std::vector<std::unique_ptr<Source>>> make_image_sources(Surroundings& surroundings) {
    std::vector<std::unique_ptr<Source>> sources;
    auto const& options = surroundings.options;
    for (auto const& text : options.images) {
        auto reference = TRY(image::Reference::parse(text).with_context("--image"));
        if (reference.digest())
            sources.push_back(std::make_unique<PinnedImage>(surroundings, std::move(reference)));
        else if (options.digest_files.empty())
            sources.push_back(std::make_unique<TaggedImage>(surroundings, std::move(reference)));
    }
    return sources;
}

} // namespace clairgate::wait
