#include <clairgate/base/text.hpp>
#include <clairgate/io/race.hpp>
#include <clairgate/wait/digest_file.hpp>
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
    if (sources.size() > sources_max)
        return Error(ErrorKind::usage, cat("more than ", sources_max, " places to wait for"));
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

} // namespace

Result<void> check(Options const& options) {
    if (options.images.size() > 1)
        return Error(ErrorKind::usage, "--image names more than one image")
            .with_remedy("one run judges one image: start one for each");
    if (options.images.empty() && options.digest_files.empty())
        return Error(ErrorKind::usage, "nothing says which image")
            .with_remedy("--image REF@DIGEST, --image REF, or --digest-file PATH");
    return ok();
}

std::span<SourceKind const> source_kinds() {
    return table;
}

io::Task<Result<Sighting>> first_sighting(Surroundings& surroundings) {
    CO_TRY(auto sources, all_sources(surroundings));
    auto const deadline = Deadline::after(surroundings.world.clock, surroundings.options.timeout);
    auto sighting = co_await race(sources, 0, deadline);
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
    auto const deadline = Deadline::after(surroundings.world.clock, confirm_time_max);
    for (auto& source : sources) {
        auto const seen = co_await source->now(deadline);
        if (!seen.has_value() && seen.error().kind() == ErrorKind::integrity)
            co_return seen.error();
        if (!seen.has_value() || !*seen)
            continue; // it says nothing now, which contradicts nothing
        auto const& other = (*seen)->reference;
        if (other.repository() == sighting.reference.repository() &&
            other.digest() != sighting.reference.digest())
            co_return Error(ErrorKind::integrity,
                            cat((*seen)->how,
                                " now names ",
                                other.text(),
                                ", this run is about ",
                                sighting.reference.text()))
                .with_remedy("two builds write to one place: give each its own");
    }
    co_return ok();
}

} // namespace clairgate::wait
