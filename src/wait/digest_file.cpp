#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/directory_watch.hpp>
#include <clairgate/wait/digest_file.hpp>
#include <clairgate/wait/file_reader.hpp>
#include <clairgate/wait/pace.hpp>
#include <clairgate/wait/registry_look.hpp>

#include <algorithm>

namespace clairgate::wait {

namespace {

// After this many poll intervals of "not served" an image ID is the likely reason.
constexpr int image_id_suspected_after = 10;
constexpr Duration image_id_time_max = std::chrono::seconds(10);

// One --digest-file. What it names is believed when the files are complete, newer than this run,
// agree with each other, and the registry serves it.
class DigestFile final : public Source {
  public:
    DigestFile(Surroundings& surroundings,
               FilePattern pattern,
               std::optional<image::Reference> image)
        : surroundings_(surroundings), image_(std::move(image)),
          reader_(surroundings, std::move(pattern)),
          watch_(surroundings.world.executor, reader_.pattern().folder),
          pace_(surroundings.options.poll_interval) {}

    io::Task<Result<Sighting>> next(Deadline deadline) override {
        auto& world = surroundings_.world;
        for (;;) {
            CO_TRY(auto found, co_await look(deadline));
            if (found)
                co_return *std::move(found);
            surroundings_.progress(cat("for ", reader_.pattern().text, " (", state_, ")"));
            auto const pause =
                std::min(surroundings_.options.poll_interval, deadline.remaining(world.clock));
            CO_TRY_VOID(co_await watch_.changed(pause));
            if (deadline.passed(world.clock))
                co_return Error(ErrorKind::no_digest, state());
        }
    }

    io::Task<Result<std::optional<Sighting>>> now(Deadline) override {
        CO_TRY(auto const announced, announced_by(reader_.glance()));
        if (!announced)
            co_return std::optional<Sighting>();
        co_return std::optional(sighting_of(*announced));
    }

    std::string state() const override {
        return cat("--digest-file ", reader_.pattern().text, ": ", state_);
    }

  private:
    // What the files say, and which of them says so.
    struct Announced {
        image::Reference reference;
        std::string path;
    };

    Sighting sighting_of(Announced const& announced) const {
        return {announced.reference,
                cat("digest file ", announced.path),
                surroundings_.world.clock.now()};
    }

    // Nothing while no file says anything that can be used; an error when that cannot mend itself.
    Result<std::optional<Announced>> announced_by(std::vector<ReadFile> const& files) {
        std::optional<image::Repository> repository;
        if (image_)
            repository = image_->repository();
        std::optional<Announced> announced;
        auto notes = reader_.notes();
        for (auto const& file : files) {
            auto const path = file.path.string();
            auto const said = parse_announcements(file.bytes);
            auto reference = said.has_value() ? choose(*said, repository)
                                              : Result<image::Reference>(said.error());
            if (!reference.has_value()) {
                auto const error = reference.error();
                if (error.kind() == ErrorKind::usage || error.kind() == ErrorKind::integrity)
                    return Error(error).with_context(path);
                notes.push_back(cat(path, ": ", error.message()));
                if (!error.remedy().empty())
                    notes.back() += cat(" (", error.remedy(), ")");
                continue;
            }
            if (announced && announced->reference.text() != reference->text())
                return disagreement(*announced, {*reference, path});
            if (!announced)
                announced = Announced{*std::move(reference), path};
        }
        state_ = notes.empty() ? "no such file yet" : join(notes, "; ");
        return announced;
    }

    static Error disagreement(Announced const& one, Announced const& other) {
        return Error(ErrorKind::integrity,
                     cat(one.path,
                         " names ",
                         one.reference.text(),
                         ", ",
                         other.path,
                         " names ",
                         other.reference.text()))
            .with_remedy("a pattern may match the files of one image only; --image REPOSITORY "
                         "picks one repository");
    }

    io::Task<Result<std::optional<Sighting>>> look(Deadline deadline) {
        CO_TRY(auto const files, co_await reader_.settled());
        CO_TRY(auto const announced, announced_by(files));
        if (!announced) {
            asked_.reset();
            co_return std::optional<Sighting>();
        }
        auto const now = surroundings_.world.clock.steady();
        auto const& reference = announced->reference;
        bool const is_new = !asked_ || asked_->text() != reference.text();
        if (is_new) {
            asked_ = reference;
            asked_since_ = now;
            pace_.restart();
        }
        if (is_new || now >= ask_after_) {
            CO_TRY(auto const look, co_await look_at_registry(surroundings_, reference, deadline));
            if (look.digest)
                co_return std::optional(sighting_of(*announced));
            ask_after_ = surroundings_.world.clock.steady() + pace_.pause(look.retry_after);
            if (!deadline.passed(surroundings_.world.clock) || why_.empty())
                why_ = look.why;
            auto const patience = surroundings_.options.poll_interval * image_id_suspected_after;
            auto const& digest = reference.digest();
            if (digest && look.is_absent && now - asked_since_ >= patience)
                CO_TRY_VOID(co_await suspect_image_id(announced->path, *digest, deadline));
        }
        state_ = cat(announced->path, ": ", why_);
        co_return std::optional<Sighting>();
    }

    // Kind protocol when the tag of --image proves it; else the suspicion goes into `why_`.
    io::Task<Result<void>>
    suspect_image_id(std::string path, image::Digest digest, Deadline deadline) {
        why_ = cat("the registry does not serve ",
                   digest.text(),
                   " as a manifest: not pushed yet, or an image ID; ",
                   image_id_remedy);
        if (!image_ || !image_->tag())
            co_return ok();
        auto const& clock = surroundings_.world.clock;
        auto const soon = deadline.capped(Deadline::after(clock, image_id_time_max));
        CO_TRY(auto const manifest,
               co_await manifest_of_image_id(surroundings_, *image_, digest, soon));
        if (manifest)
            co_return Error(ErrorKind::protocol,
                            cat(path,
                                " holds the image ID ",
                                digest.text(),
                                "; the manifest of ",
                                image_->text(),
                                " is ",
                                manifest->text()))
                .with_remedy(image_id_remedy);
        co_return ok();
    }

    Surroundings& surroundings_;
    std::optional<image::Reference> image_; // --image beside us: repository, perhaps a tag
    FileReader reader_;
    io::DirectoryWatch watch_;
    Pace pace_;
    std::optional<image::Reference> asked_; // what the registry was asked for
    SteadyTime asked_since_;
    SteadyTime ask_after_;
    std::string why_; // the registry's last word on it
    std::string state_ = "not looked yet";
};

} // namespace

Result<std::vector<std::unique_ptr<Source>>> make_digest_file_sources(Surroundings& surroundings) {
    std::vector<std::unique_ptr<Source>> sources;
    auto const& options = surroundings.options;
    if (options.digest_files.empty())
        return sources;
    std::optional<image::Reference> image;
    if (!options.images.empty())
        image = TRY(image::Reference::parse(options.images.front()).with_context("--image"));
    for (auto const& text : options.digest_files) {
        auto pattern = TRY(FilePattern::parse(text));
        sources.push_back(std::make_unique<DigestFile>(surroundings, std::move(pattern), image));
    }
    return sources;
}

} // namespace clairgate::wait
