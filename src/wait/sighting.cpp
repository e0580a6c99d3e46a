#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/wait/digest_file.hpp>
#include <clairgate/wait/file_reader.hpp>
#include <clairgate/wait/image_source.hpp>
#include <clairgate/wait/sighting.hpp>

namespace clairgate::wait {

namespace {

constexpr SourceKind table[] = {
    {"image", "an image that is named, by digest or by a tag that appears", make_image_sources},
    {"digest-file", "a file in which the build leaves the digest", make_digest_file_sources},
};

constexpr std::size_t sources_max = 64;
constexpr auto confirm_time_max = std::chrono::seconds(10);

Result<std::vector<std::unique_ptr<Source>>> all_sources(Surroundings& surroundings) {
    TRY_VOID(check(surroundings.options));
    std::vector<std::unique_ptr<Source>> sources;
    for (auto const& kind : table) {
        auto made = TRY(kind.make(surroundings));
        for (auto& source : made)
            sources.push_back(std::move(source));
    }
    return sources;
}

// The first outcome of the sources from `index` on; the others are cancelled and waited for. As
// deep as there are flags, which all_sources bounds.
io::Task<Result<Sighting>>
race(std::vector<std::unique_ptr<Source>>& sources, std::size_t index, Deadline deadline) {
    using namespace boost::asio::experimental::awaitable_operators;
    if (index + 1 == sources.size())
        co_return co_await sources[index]->next(deadline);
    auto outcome = co_await (io::without_exceptions(sources[index]->next(deadline)) ||
                             io::without_exceptions(race(sources, index + 1, deadline)));
    if (outcome.index() == 0)
        co_return std::get<0>(std::move(outcome));
    co_return std::get<1>(std::move(outcome));
}

// Whether any source names another digest for the repository that was sighted (design section 6).
io::Task<Result<void>> contradiction(Surroundings& surroundings,
                                     std::vector<std::unique_ptr<Source>>& sources,
                                     Sighting const& sighting) {
    auto const deadline = Deadline::after(surroundings.world.clock, confirm_time_max);
    for (auto& source : sources) {
        auto const seen = co_await source->now(deadline);
        if (!seen.has_value() && seen.error().kind() == ErrorKind::integrity)
            co_return seen.error();
        auto const said = seen.has_value() ? *seen : std::optional<Sighting>();
        if (!said)
            continue; // it says nothing now, which contradicts nothing
        auto const& other = said->reference;
        if (other.repository() == sighting.reference.repository() &&
            other.digest() != sighting.reference.digest())
            co_return Error(ErrorKind::integrity,
                            cat(said->how,
                                " names ",
                                other.text(),
                                ", but this run is about ",
                                sighting.reference.text(),
                                " (",
                                sighting.how,
                                ")"))
                .with_remedy("two builds write to one place, or one of the files is not about the "
                             "pushed image: give each its own");
    }
    co_return ok();
}

} // namespace

Result<void> check(Options const& options) {
    std::vector<Error> mistakes;
    if (options.images.size() > 1)
        mistakes.push_back(Error(ErrorKind::usage, "--image names more than one image")
                               .with_remedy("one run judges one image: start one for each"));
    if (options.images.empty() && options.digest_files.empty())
        mistakes.push_back(
            Error(ErrorKind::usage, "nothing says which image")
                .with_remedy("--image REF@DIGEST, --image REF, or --digest-file PATH"));
    for (auto const& image : options.images)
        if (auto const parsed = image::Reference::parse(image); !parsed.has_value())
            mistakes.push_back(parsed.error().with_context("--image"));
    for (auto const& file : options.digest_files)
        if (auto const parsed = FilePattern::parse(file); !parsed.has_value())
            mistakes.push_back(parsed.error());
    if (options.images.size() + options.digest_files.size() > sources_max)
        mistakes.emplace_back(ErrorKind::usage,
                              cat("more than ", sources_max, " places to wait for"));
    if (mistakes.empty())
        return ok();
    auto first = mistakes.front();
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

std::span<SourceKind const> source_kinds() {
    return table;
}

io::Task<Result<Sighting>> first_sighting(Surroundings& surroundings) {
    CO_TRY(auto sources, all_sources(surroundings));
    auto const deadline = Deadline::after(surroundings.world.clock, surroundings.options.timeout);
    auto sighting = co_await race(sources, 0, deadline);
    if (sighting.has_value())
        CO_TRY_VOID(co_await contradiction(surroundings, sources, *sighting));
    if (sighting.has_value() || sighting.error().kind() != ErrorKind::no_digest)
        co_return sighting;
    std::string states;
    for (auto const& source : sources)
        states += cat(states.empty() ? "" : "; ", source->state());
    co_return Error(ErrorKind::no_digest,
                    cat("no digest within ", to_string(surroundings.options.timeout), ": ", states))
        .with_remedy("--wait-timeout waits longer; did the build push?");
}

io::Task<Result<void>> confirm(Surroundings& surroundings, Sighting const& sighting) {
    CO_TRY(auto sources, all_sources(surroundings));
    co_return co_await contradiction(surroundings, sources, sighting);
}

} // namespace clairgate::wait
