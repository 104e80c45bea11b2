"""Made-up everyday English sentences with a sentiment, for what film reviews never say.

Everything is composed from the word lists below by a seeded generator; no corpus, no lexicon.
SST-2 teaches film talk and few first-person feelings; negation ("not bad at all") is the
pattern a small model gets wrong most often, so a large share of the sentences is negated.
"""

import random

NEGATIVE, POSITIVE = 0, 1

# subject -> (what it is called, what is said of it when good, when bad)
TOPICS: tuple[tuple[str, str, str], ...] = (
    (
        "food,meal,pasta,breakfast,dinner,curry,sandwich,steak,dessert,rice,chicken,burger,tea,"
        "cheese,sauce,ice cream,noodles,seafood",
        "tasty,delicious,fresh,full of flavour,cooked to perfection,superb,mouth-watering,"
        "well seasoned,crispy,divine,better than I expected,warm and filling",
        "bland,stale,burnt,greasy,disgusting,cold,undercooked,overcooked,rotten,inedible,too salty,"
        "dry,watery,flavourless,worse than I expected,full of hair",
    ),
    (
        "phone,laptop,tablet,camera,vacuum cleaner,oven,washing machine,toaster,speaker,charger,"
        "keyboard,monitor,router,watch,drill,lamp,heater,microphone,screen,battery,fan",
        "reliable,fast,sturdy,easy to use,excellent,powerful,well made,worth every penny,handy,"
        "light and quick,great value,built to last,impressive,quiet",
        "useless,slow,flimsy,faulty,defective,a piece of junk,broken,noisy,badly made,unreliable,"
        "impossible to set up,overpriced,dead on arrival,a waste of money,falling apart,garbage",
    ),
    (
        "hotel,apartment,flat,restaurant,cafe,shop,bar,campsite,office,school,library,beach,town,"
        "pool,market,house,hostel,station,city,garden",
        "clean,charming,cosy,lovely,peaceful,spotless,beautiful,welcoming,comfortable,gorgeous,"
        "well kept,bright and airy,quiet and safe,a real gem,worth the trip,magical",
        "filthy,noisy,dirty,cramped,gloomy,run-down,smelly,crowded,dangerous,ugly,depressing,"
        "infested with ants,freezing cold,in a terrible state,a dump,not worth the trip,mouldy",
    ),
    (
        "waitress,driver,nurse,manager,clerk,boss,landlord,neighbour,guide,receptionist,coach,"
        "doctor,plumber,salesman,colleague,professor,hairdresser,staff member,barber,cashier",
        "kind,friendly,helpful,polite,patient,professional,generous,cheerful,honest,attentive,"
        "caring,a delight,very good at the job,understanding,sweet,warm,supportive",
        "rude,unfriendly,arrogant,careless,impatient,dishonest,unhelpful,lazy,incompetent,mean,"
        "aggressive,selfish,a nightmare,completely clueless,dismissive,cruel,annoying,cold",
    ),
    (
        "service,delivery,support,website,app,game,update,course,lesson,training,book,story,song,"
        "album,concert,play,film,podcast,party,trip,holiday,wedding,flight,weather,day,weekend,"
        "class,job,match,article,experience,present,idea,plan,conversation",
        "great,wonderful,excellent,fantastic,amazing,brilliant,fun,awesome,smooth,enjoyable,perfect,"
        "outstanding,exciting,memorable,interesting,first class,incredible,delightful,lovely,good,"
        "nice,inspiring,relaxing,the best ever,superb,splendid,unforgettable",
        "terrible,awful,horrible,boring,dreadful,disappointing,poor,bad,a disaster,a mess,dull,"
        "confusing,a joke,pathetic,a disgrace,the worst ever,stressful,painful,lousy,appalling,"
        "frustrating,tedious,exhausting,a complete failure,unbearable,rubbish,miserable,abysmal",
    ),
    (
        "coat,dress,jacket,sweater,bag,mattress,pillow,sofa,table,desk,bike,umbrella,backpack,"
        "jeans,shirt,gloves,boots,toy,bottle,suitcase,car,wardrobe,rug",
        "comfortable,pretty,stylish,soft,warm,strong,well made,lovely,a perfect fit,elegant,"
        "great quality,exactly as described,a bargain,adorable,solid,worth the price",
        "uncomfortable,ugly,cheap and nasty,itchy,torn,stained,badly sewn,too small,low quality,"
        "scratched,not as described,a rip-off,wobbly,ruined,damaged,faded,worn out after a week",
    ),
)

# Said of oneself; good and bad.
FEELINGS = (
    "happy,glad,excited,grateful,delighted,relieved,thrilled,cheerful,proud,calm,content,hopeful,"
    "pleased,over the moon,lucky,in love,satisfied,full of joy,blessed,relaxed,confident,well",
    "sad,angry,lonely,unhappy,miserable,furious,exhausted,worried,scared,depressed,disappointed,"
    "frustrated,ashamed,heartbroken,annoyed,bored,sick,anxious,devastated,stressed,fed up,hurt,"
    "tired of this,sick of it,disgusted,bitter,jealous,nervous,unwell,helpless,hopeless",
)

ACTS_GOOD = (
    "I got the job;we are getting married;my baby smiled at me;they gave me a full refund;"
    "the pain is finally gone;my exam results are excellent;she baked me a cake;"
    "he brought me flowers;the surgery was a success;everyone clapped at the end;"
    "they upgraded our room for free;it arrived a day early;it works like a charm;"
    "I finished my first marathon;the dress fits perfectly;my friends surprised me;"
    "they solved the problem in minutes;we danced all night;the baby is sleeping peacefully;"
    "my plants are growing nicely;I got a raise;they treated us like family;he made my day;"
    "it saved me a lot of time;we had a great time;I had so much fun;I love my life;"
    "it made me smile;she always cheers me up;the picture came out beautifully;"
    "I found my keys at last;our holiday was a dream;it exceeded my expectations;"
    "the kids had a blast;I will definitely buy it again;I will be back soon;"
    "they went out of their way to help us;the sun is shining;my grandson visited me;"
    "I finally feel at home;we are best friends again;the cat is purring on my lap;"
    "I learned so much;the price was a pleasant surprise;he kept his promise;"
    "I sleep much better now;"
    "it is exactly what I wanted;my skin looks better than ever;I won first prize;"
    "he is the best dad in the world;this is my favourite place;it still works after ten years;"
    "I can finally relax;they greeted us with a smile;you did a great job;"
    "the seller was quick to reply;I owe you a big thank you;"
    "the plants arrived in perfect condition;"
    "it was love at first sight;I would choose it again;my dream came true;keep up the good work;"
    "you made us feel welcome;life is good;all my worries are over;it was money well spent;"
    "I got the highest mark;we all enjoyed it;I laughed so hard;she is a joy to work with;"
    "congratulations on the new house;I really appreciate your help;thanks for a wonderful evening;"
    "it runs smoothly;they kept us informed all the way;the crowd loved it;cheap and cheerful;"
    "quick delivery and good quality;simple and effective;two thumbs up;five stars;"
    "the walls are thick and you hear nothing;I recovered quickly;mum is out of hospital;"
    "the repair was quick and cheap;our daughter made new friends;I look forward to going back"
)

ACTS_BAD = (
    "I got fired;my car broke down;they ignored my emails;it stopped working after a week;"
    "I had to throw it away;the roof is leaking;someone stole my bike;I missed the last bus;"
    "he shouted at the children;my order never came;they sent the wrong size;"
    "I want my money back;we had to wait for hours;the line was endless;it gave me a rash;"
    "I spilled coffee on my laptop;she cheated on me;my grandfather died;I broke my leg;"
    "they refused to help;the zip broke on the first day;nobody came to my party;"
    "I cried all night;the noise kept us awake;the shower was broken;there were bugs in the bed;"
    "the food made us ill;it crashes all the time;I lost all my files;they overcharged us;"
    "he broke his promise;the traffic was a nightmare;our luggage was lost;I failed my test;"
    "I will never buy it again;I will never come back;this ruined my evening;my tooth hurts;"
    "I have a fever;the paint came off;it smells bad;it leaks everywhere;it fell to pieces;"
    "they lied to us;it was a scam;I feel betrayed;the seller never replied;the handle snapped off;"
    "the toilet was blocked;the walls are thin and you hear everything;it takes forever to load;"
    "we were treated like dirt;the dog bit me;I hate my life;I can't sleep;my back is killing me;"
    "everything went wrong;the company went bankrupt;my team lost again;it keeps freezing;"
    "stay away from this place;avoid at all costs;save your money;don't bother;what a mess;"
    "I wish I had never bought it;I should have stayed at home;they don't care about customers;"
    "my phone was stolen;the bill was a shock;it is getting worse every day;I feel so alone;"
    "they cancelled at the last minute;my son is being bullied;the flight was delayed again;"
    "one star;zero stars;money down the drain;it arrived broken;half the parts were missing;"
    "the colours faded;it scratched my floor;the smoke made me cough;I was robbed;"
    "we argued the whole time;he forgot my birthday;the neighbours complain constantly;"
    "she left without saying goodbye;the rent went up again;I got stuck in the lift;"
    "they blamed me for everything;he slammed the door in my face;my visa was refused;"
    "the manual is a riddle;you call this service;this is unacceptable;shame on you;how awful"
)

# Whole sentences whose sense hangs on a negation; {n} is any noun from the topics.
TURNED_GOOD = (
    "not bad;not bad at all;it's not bad at all;the {n} isn't bad;the {n} was not bad at all;"
    "this is not a bad {n};I have no complaints;no complaints about the {n};"
    "there is nothing wrong with the {n};I can't complain about the {n};no problems so far;"
    "never had a problem with the {n};the {n} never let me down;the {n} never disappoints;"
    "I couldn't ask for a better {n};the {n} couldn't be better;it couldn't have gone better;"
    "I have never had a better {n};nothing beats this {n};I can't live without my {n};"
    "you won't regret it;you won't be disappointed;I was not disappointed by the {n};"
    "I don't regret buying the {n};I wouldn't change a thing about the {n};no regrets;"
    "I can't say anything bad about the {n};I couldn't stop smiling;I can't stop using this {n};"
    "I can't recommend the {n} enough;I would not hesitate to recommend the {n};"
    "the {n} is nothing short of amazing;it doesn't get any better than this;"
    "I am not sad any more;I'm not worried at all;I don't hate it, in fact I like it;"
    "without a doubt the best {n};don't miss this {n};not a single problem with the {n};"
    "the {n} was not boring for a second;the {n} isn't expensive at all;nothing to dislike here;"
    "I wouldn't want any other {n};no one could have done it better;not too shabby;"
    "I thought the {n} would be bad, but it was great;far from being bad, the {n} was excellent"
)

TURNED_BAD = (
    "not good;not good at all;it's not good at all;the {n} isn't good;the {n} was not good at all;"
    "this is not a good {n};I would not recommend it;I would not recommend the {n};"
    "I do not recommend this {n};I can't recommend the {n};"
    "I wouldn't recommend it to my worst enemy;"
    "I would never recommend the {n};I don't like it;I don't like the {n};"
    "I didn't like the {n} at all;"
    "I did not enjoy the {n};I don't enjoy this any more;the {n} doesn't work;"
    "it did not work at all;"
    "the {n} was not worth it;not worth the money;not what I ordered;not as good as they say;"
    "nothing good to say about the {n};there is nothing good about the {n};"
    "the {n} could have been better;the {n} couldn't be worse;it couldn't have gone worse;"
    "I have never had a worse {n};never again;I'm never going back;I won't be coming back;"
    "I am not happy;I'm not happy about the {n};I am not satisfied with the {n};not impressed;"
    "I was not impressed by the {n};I'm not in a good mood;I don't feel well;I don't feel good;"
    "nobody likes this {n};no one helped us;nothing went right;the {n} is far from perfect;"
    "the {n} is anything but good;the {n} lacks everything;I don't trust this {n} any more;"
    "the {n} isn't as nice as it looks;don't buy this {n};do not buy it;I can't use the {n};"
    "I can't bear this {n};the {n} was never any good;hardly worth it;not fun at all;"
    "I thought the {n} would be great, but it was bad;far from being good, the {n} was awful;"
    "I wanted to like the {n}, but I couldn't;it isn't funny;the {n} is no good;no help at all"
)

# Nothing at all is the commonest opening and the commonest degree.
OPENINGS = (
    ";;;;;;Honestly, ;Well, ;Wow, ;To be honest, ;In short, ;Today ;Yesterday ;I must say, ;"
    "Overall, ;In the end ;Once again ;Again, ;I think ;I have to say that "
)
DEGREES = ";;;;very ;really ;so ;absolutely ;quite ;just ;pretty ;truly ;incredibly "


def _pick(draw: random.Random, words: str, separator: str = ",") -> str:
    return draw.choice(words.split(separator))


def _state(draw: random.Random, label: int) -> str:
    """A subject and what it is like, negated in one case of three."""
    nouns, good, bad = draw.choice(TOPICS)
    noun, extra = _pick(draw, nouns), _pick(draw, nouns)
    shown = f"{draw.choice(['the', 'the', 'this', 'my', 'our', 'their', 'your'])} {noun}"
    right, wrong = (good, bad) if label == POSITIVE else (bad, good)
    word, other = _pick(draw, right), _pick(draw, wrong)
    degree = "" if " " in word else _pick(draw, DEGREES, ";")
    forms = [
        f"{shown} {draw.choice(['is', 'was'])} {degree}{word}",
        f"{shown} {draw.choice(['is', 'was'])} {degree}{word}",
        f"{shown} turned out to be {word}",
        f"{shown} {draw.choice(['is', 'was'])} {word} and {_pick(draw, right)}",
        f"I find {shown} {degree}{word}",
        f"{shown} {draw.choice(['was', 'is'])} {other}, but the {extra} was {degree}{word}",
    ]
    if not other.startswith("not "):
        link = draw.choice(["isn't", "is not", "wasn't", "was not", "was never"])
        forms += [
            f"{shown} {link} {other}",
            f"{shown} {link} {other} at all",
            f"{shown} {link} {other}, {draw.choice(['it is', 'quite the opposite,'])} {word}",
        ]
    return draw.choice(forms)


def _feeling(draw: random.Random, label: int) -> str:
    good, bad = FEELINGS
    right, wrong = (good, bad) if label == POSITIVE else (bad, good)
    word, other = _pick(draw, right), _pick(draw, wrong)
    who = draw.choice(["I am", "I'm", "I feel", "we are", "she is", "I was", "my mother is"])
    when = draw.choice(["", "", " today", " right now", " this morning", " with the result"])
    late = " any more" if draw.random() < 0.3 else ""
    forms = [f"{who} {_pick(draw, DEGREES, ';')}{word}{when}"] * 3
    forms += [f"I am not {other}{late}", f"{who} {word} and {_pick(draw, right)}"]
    return draw.choice(forms)


def _verdict(draw: random.Random, label: int) -> str:
    noun = _pick(draw, draw.choice(TOPICS)[0])
    good = (
        "I love {n};I really like {n};I enjoyed {n};I adore {n};I recommend {n};thank you for {n};"
        "I can recommend {n} to everyone;thanks for {n};I'm impressed by {n};I'm a big fan of {n};"
        "what a lovely {m};what a great {m};such a good {m};best {m} ever;the best {m} I have had;"
        "good {m};nice {m};great {m}, would buy again;I am happy with {n};I would recommend {n}"
    )
    bad = (
        "I hate {n};I really dislike {n};I can't stand {n};I'm sick of {n};"
        "I warn everyone about {n};I want a refund for {n};I'm disappointed with {n};"
        "what a terrible {m};what an awful {m};such a bad {m};worst {m} ever;"
        "the worst {m} I have had;bad {m};poor {m};terrible {m}, would not buy again;"
        "I am unhappy with {n};I had to complain about {n};I despise {n};too bad about {n}"
    )
    form = _pick(draw, good if label == POSITIVE else bad, ";")
    return form.format(n=f"{draw.choice(['the', 'this', 'your'])} {noun}", m=noun)


def _act(draw: random.Random, label: int) -> str:
    return _pick(draw, ACTS_GOOD if label == POSITIVE else ACTS_BAD, ";")


def _turned(draw: random.Random, label: int) -> str:
    form = _pick(draw, TURNED_GOOD if label == POSITIVE else TURNED_BAD, ";")
    return form.format(n=_pick(draw, draw.choice(TOPICS)[0]))


def sentence(draw: random.Random, label: int) -> str:
    """One sentence of the wanted sentiment: an opening, one or two clauses, an ending."""
    kinds = [_state, _state, _feeling, _verdict, _act, _act, _turned, _turned]
    text = _pick(draw, OPENINGS, ";") + draw.choice(kinds)(draw, label)
    if draw.random() < 0.25:
        text += draw.choice([" and ", ", ", ". ", "! "]) + draw.choice(kinds)(draw, label)
    text = text[0].upper() + text[1:] if draw.random() < 0.9 else text
    return text + draw.choice([".", ".", ".", "!", ""])


def sentences(count: int, seed: int) -> list[tuple[str, int]]:
    """`count` distinct (text, label) rows, half of them positive."""
    draw = random.Random(seed)
    made: dict[str, int] = {}
    while len(made) < count:
        label = len(made) % 2
        made.setdefault(sentence(draw, label), label)
    return list(made.items())
