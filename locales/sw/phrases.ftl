# Maneno ya nyakati halisi za shule. Rasimu: bado hakuna mzungumzaji wa Kiswahili aliyeyakagua.

# status: draft
closed = { $school }: HAKUNA SHULE { $date } ({ $reason }). Hakuna basi wala shughuli. Maswali: jibu ujumbe huu au piga { $phone }
    .plain = Shule haitafunguliwa siku ya { $date }. Hakuna basi.
    .subject = Hakuna shule { $date }
# status: draft
delayed-opening = { $school }: { $date } shule ITACHELEWA kufunguliwa. Itafunguliwa { $time }. Mabasi pia yatachelewa. Maswali: jibu au piga { $phone }
    .plain = Siku ya { $date } shule itaanza { $time }. Si kabla ya hapo.
    .subject = Shule itachelewa kufunguliwa { $date }
# status: draft
early-dismissal = { $school }: leo shule inafungwa MAPEMA, { $time }. Wakati huo mchukue mtoto wako au mpokee kwenye basi. Maswali: { $phone }
    .plain = Leo shule itaisha { $time }. Tafadhali uwe hapo kumpokea mtoto wako, shuleni au kwenye basi.
    .subject = Leo shule inafungwa mapema
# status: draft
secured = { $school }: sasa milango imefungwa kwa tahadhari. Watoto wote wako salama ndani. Tafadhali usije na usipige simu. Tutaandika tena.
    .plain = Watoto wote wako salama ndani ya shule. Tafadhali usije mpaka tukuandikie.
    .subject = Milango ya shule imefungwa; watoto wote wako salama
# status: draft
do-not-come = { $school }: tafadhali USIJE shuleni sasa. Watoto wote wako salama pamoja nasi. Tutaandika tena baada ya muda mfupi.
    .plain = Baki hapo ulipo. Usije shuleni. Watoto wote wako salama.
    .subject = Tafadhali usije shuleni sasa
# status: draft
pick-up-at = { $school }: mchukue mtoto wako sasa kwenye { $place }. Leta kitambulisho chenye picha. Watoto wote wako salama. { $phone }
    .plain = Mtoto wako anakusubiri kwenye { $place }. Njoo sasa na kitambulisho chako.
    .subject = Mchukue mtoto wako sasa
# status: draft
all-clear = { $school }: sasa kila kitu kiko sawa tena. Shule inaendelea kama kawaida. Asante kwa uvumilivu wako. Maswali: jibu ujumbe huu
    .plain = Tatizo limekwisha. Shule iko kama kawaida.
    .subject = Kila kitu kiko sawa tena
# status: draft
correction = { $school }: SAHIHISHO. Ujumbe wetu uliopita haukuwa sahihi. Tafadhali soma huu: { $text }
    .plain = Usifuate ujumbe wetu uliopita. Huu ndio sahihi: { $text }
    .subject = Sahihisho
# status: draft
test = { $school }: hili ni JARIBIO tu la ujumbe wa dharura. Huhitaji kufanya chochote.
    .plain = Hili ni jaribio. Hakuna kilichotokea.
    .subject = Jaribio la ujumbe wa dharura
# status: draft
class-meeting = { $teacher }: unakaribishwa kwenye mkutano wa darasa letu: { $date }, { $time }, { $place }.
    .plain = Tafadhali njoo shuleni { $date }, { $time }. Tutazungumza kuhusu darasa la mtoto wako.
    .subject = Mkutano wa darasa { $date }
# status: draft
absent-today = { $school }: { $student } hayuko shuleni leo. Tafadhali tuambie kwa nini.
    .plain = Leo { $student } hayuko hapa. Je, ni mgonjwa?
    .subject = Hayuko shuleni leo
# status: draft
reading-at-home = { $teacher }: wiki hii tafadhali soma na { $student } dakika kumi kila siku, kwa lugha yoyote. Uliza hadithi ilikuwa kuhusu nini.
    .plain = Someni pamoja dakika kumi kila siku. Lugha yenu wenyewe ni nzuri.
    .subject = Kusoma nyumbani
# status: draft
homework-help = { $teacher }: kuna msaada wa kazi za shule za nyumbani: { $date }, { $time }, { $place }. Ni bure.
    .plain = Mtoto wako anaweza kupata msaada wa bure wa kazi za shule: { $date }, { $time }.
    .subject = Msaada wa kazi za shule
# status: draft
field-trip-permission = { $teacher }: darasa letu litaenda { $place }, { $date }. Je, unamruhusu { $student } kwenda?
    .plain = Tunataka kumpeleka { $student } kwenye { $place }, { $date }. Je, unaruhusu?
    .subject = Safari ya darasa { $date }
# status: draft
conference-invite = { $teacher }: ningependa kuzungumza nawe kuhusu { $student }: { $date }, { $time }. Mkalimani ni bure.
    .plain = Tukutane { $date }, { $time }, tuzungumze kuhusu { $student }. Tutaleta mkalimani.
    .subject = Mazungumzo kuhusu { $student }
# status: draft
bus-late = { $school }: leo basi litachelewa kama dakika { $minutes }. Watoto wanasubiri pamoja na mwalimu.
    .plain = Basi litakuja dakika { $minutes } baada ya wakati wake. Mtoto wako yuko nasi.
    .subject = Leo basi litachelewa
# status: draft
bring-item = { $teacher }: tafadhali mpe { $student } { $item } alete shuleni, { $date }.
    .plain = Siku ya { $date } { $student } anahitaji { $item }.
    .subject = Tafadhali leta { $item }
# status: draft
good-news = { $teacher }: habari njema kuhusu { $student }: { $text }
    .plain = Habari njema: { $student } amefanya vizuri sana. { $text }
    .subject = Habari njema
# status: draft
parents-rights-notice = { $school }: una haki ya kupata mkalimani bure na karatasi kwa Kiswahili. Tuombe wakati wowote: jibu ujumbe huu au piga { $phone }
    .plain = Shule lazima ikusaidie kwa lugha yako. Ni bure. Tuambie: { $phone }
    .subject = Haki yako ya mkalimani
# status: draft
council-meeting = { $school }: wazazi na wafanyakazi wa shule wanaamua pamoja: { $date }, { $time }, { $place }. Sauti yako ni muhimu. Wakalimani watakuwepo.
    .plain = Njoo utuambie maoni yako kuhusu shule: { $date }, { $time }. Tuna wakalimani.
    .subject = Baraza la wazazi { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } amekosa shule siku kadhaa. Tunaweza kusaidia vipi? Tafadhali jibu kwa lugha yako.
    .plain = Mara nyingi { $student } hakuwa hapa. Tunaweza kufanya nini? Tafadhali tuandikie.
    .subject = Tunaweza kusaidia vipi?
