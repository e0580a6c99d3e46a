#include <clairgate/base/text.hpp>
#include <clairgate/io/retry.hpp>
#include <clairgate/wait/image_source.hpp>
#include <clairgate/wait/pace.hpp>
#include <clairgate/wait/registry_look.hpp>

#include <algorithm>

namespace clairgate::wait {

namespace {

// --image REF@DIGEST: there is nothing to wait for.
class PinnedImage final : public Source {
  public:
    PinnedImage(Surroundings& surroundings, image::Reference reference)
        : surroundings_(surroundings), reference_(std::move(reference)) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        if (surroundings_.options.asks_for_pinned)
            CO_TRY_VOID(co_await is_served(deadline));
        co_return sighting();
    }
    io::Task<Result<std::optional<Sighting>>> now(Deadline) override {
        co_return std::optional(sighting());
    }
    std::string state() const override { return cat("--image ", reference_.text()); }

  private:
    Sighting sighting() const { return {reference_, "image", surroundings_.world.clock.now()}; }

    io::Task<Result<void>> is_served(Deadline deadline) {
        auto const once = [this, deadline] {
            return surroundings_.registry.exists(reference_, deadline);
        };
        auto const what = cat("looking for ", reference_.text());
        CO_TRY(auto const digest,
               co_await io::with_retry<std::optional<image::Digest>>(
                   surroundings_.world, what, deadline, once));
        if (!digest)
            co_return Error(ErrorKind::not_found,
                            cat("the registry does not serve ", reference_.text()))
                .with_remedy(
                    cat("was it pushed there, and is it a manifest's digest? ", image_id_remedy));
        co_return ok();
    }

    Surroundings& surroundings_;
    image::Reference reference_;
};

// --image REF alone: until the registry serves the tag, then fixed to that digest.
class TaggedImage final : public Source {
  public:
    TaggedImage(Surroundings& surroundings, image::Reference reference)
        : surroundings_(surroundings), reference_(std::move(reference)),
          pace_(surroundings.options.poll_interval) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        auto& world = surroundings_.world;
        for (;;) {
            CO_TRY(auto const look, co_await look_at_registry(surroundings_, reference_, deadline));
            if (look.digest)
                co_return Sighting{reference_.at(*look.digest),
                                   cat("registry tag ", reference_.text()),
                                   world.clock.now()};
            if (!deadline.passed(world.clock) || state_.empty()) // else our own end cut it off
                state_ = look.why;
            surroundings_.progress(cat("for ", reference_.text(), " (", state_, ")"));
            auto const pause = pace_.pause(look.retry_after);
            CO_TRY_VOID(co_await io::sleep_for(std::min(pause, deadline.remaining(world.clock))));
            if (deadline.passed(world.clock))
                co_return Error(ErrorKind::no_digest, state());
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
    Pace pace_;
    std::string state_;
};

} // namespace

Result<std::vector<std::unique_ptr<Source>>> make_image_sources(Surroundings& surroundings) {
    std::vector<std::unique_ptr<Source>> sources;
    auto const& options = surroundings.options;
    for (auto const& text : options.images) {
        auto reference = TRY(image::Reference::parse(text).with_context("--image"));
        if (auto const& digest = reference.digest())
            sources.push_back(std::make_unique<PinnedImage>(surroundings, reference.at(*digest)));
        else if (options.digest_files.empty())
            sources.push_back(std::make_unique<TaggedImage>(surroundings, std::move(reference)));
    }
    return sources;
}

} // namespace clairgate::wait
